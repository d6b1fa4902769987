package dev.graft.data;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/**
 * A small picture in the making: backdrop, an object in some pose, things in front of it, a poor camera.
 *
 * <p>The object is drawn in a square from (-1, -1) at the top left to (1, 1). Java2D's software renderer alone is used,
 * and {@code StrictMath}, so that the same random numbers give the same pixels on every machine.
 */
final class Scene {

    private final SplittableRandom random;
    private final int size;
    private final BufferedImage image;
    private final Graphics2D graphics;
    private final Color wallColour;
    private final Color main;

    Scene(SplittableRandom random, int size) {
        this.random = random;
        this.size = size;
        this.image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        this.graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        this.wallColour = colour();
        Color chosen = colour();
        while (difference(chosen, wallColour) < 90) {
            chosen = colour();
        }
        this.main = chosen;
    }

    double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    int whole(int low, int endExclusive) {
        return random.nextInt(low, endExclusive);
    }

    /** Fills the picture with a wall, perhaps a floor, and odds and ends. */
    Scene backdrop() {
        graphics.setTransform(new AffineTransform());
        graphics.scale(size / 2.0, size / 2.0);
        graphics.translate(1, 1);
        Rectangle2D wall = new Rectangle2D.Double(-1.1, -1.1, 2.2, 2.2);
        if (chance(0.7)) {
            graphics.setColor(wallColour);
            graphics.fill(wall);
        } else {
            fabric(wall, wallColour);
        }
        if (chance(0.4)) {
            graphics.setColor(colour());
            graphics.fill(new Rectangle2D.Double(-1.1, between(0, 0.7), 2.2, 2));
        }
        litter(whole(1, 5), 0.1, 0.5);
        return this;
    }

    /** Turns, scales, shears and moves everything drawn from now on. */
    Scene pose(double turn) {
        double angle = between(-turn, turn);
        double scale = size / 2.0 * between(0.78, 1.1);
        double narrow = between(0.75, 1.15);
        double shear = between(-0.15, 0.15);
        double cos = StrictMath.cos(angle) * scale;
        double sin = StrictMath.sin(angle) * scale;
        graphics.setTransform(new AffineTransform(
                cos * narrow,
                sin * narrow,
                -sin + shear * cos,
                cos + shear * sin,
                size / 2.0 * (1 + between(-0.15, 0.15)),
                size / 2.0 * (1 + between(-0.15, 0.15))));
        return this;
    }

    /** Fills a shape with the object's own cloth, some folds and a faint outline. */
    Scene cloth(Shape shape) {
        fabric(shape, main);
        Shape before = graphics.getClip();
        graphics.clip(shape);
        for (int i = whole(0, 5); i > 0; i--) {
            int shade = chance(0.6) ? 0 : 255;
            graphics.setColor(new Color(shade, shade, shade, whole(20, 70)));
            stroke(between(0.03, 0.12));
            double x = between(-0.8, 0.8);
            double y = between(-0.8, 0.8);
            graphics.draw(new Line2D.Double(x, y, x + between(-0.5, 0.5), y + between(-0.2, 0.9)));
        }
        graphics.setClip(before);
        edge(shape, 0.03);
        return this;
    }

    /** Draws a line in a darker or lighter tone of the object. */
    Scene edge(Shape line, double width) {
        graphics.setColor(tone(main, chance(0.8) ? 0.6 : 1.4));
        stroke(width);
        graphics.draw(line);
        return this;
    }

    /** Fills a detail in a tone of the object that is hard to miss or hard to see, as chance has it. */
    Scene detail(Shape shape) {
        graphics.setColor(tone(main, chance(0.5) ? between(0.4, 0.8) : between(1.2, 1.8)));
        graphics.fill(shape);
        return this;
    }

    /** Puts things in front, then takes the picture: light, blur, noise. */
    BufferedImage photograph() {
        graphics.setTransform(new AffineTransform());
        graphics.scale(size / 2.0, size / 2.0);
        graphics.translate(1, 1);
        litter(whole(0, 3), 0.1, 0.4);
        graphics.dispose();
        return Camera.take(image, random);
    }

    private void litter(int count, double smallest, double largest) {
        for (int i = 0; i < count; i++) {
            double x = between(-1.1, 1);
            double y = between(-1.1, 1);
            double width = between(smallest, largest);
            double height = between(smallest, largest);
            graphics.setColor(colour());
            switch (whole(0, 4)) {
                case 0 -> graphics.fill(new Rectangle2D.Double(x, y, width, height));
                case 1 -> graphics.fill(new Ellipse2D.Double(x, y, width, height));
                case 2 -> {
                    stroke(between(0.02, 0.1));
                    graphics.draw(new Line2D.Double(x, y, between(-1, 1), between(-1, 1)));
                }
                default -> fabric(new Rectangle2D.Double(x, y, width, height), colour());
            }
        }
    }

    private void fabric(Shape shape, Color ground) {
        graphics.setColor(ground);
        graphics.fill(shape);
        int pattern = whole(0, 8);
        if (pattern < 3) {
            return;
        }
        Shape before = graphics.getClip();
        graphics.clip(shape);
        Color second = chance(0.5) ? tone(ground, chance(0.5) ? 0.7 : 1.35) : colour();
        graphics.setColor(second);
        double step = between(0.14, 0.4);
        double width = step * between(0.2, 0.55);
        stroke(width);
        for (double at = -1.6; at < 1.6; at += step) {
            if (pattern == 3 || pattern == 6) {
                graphics.draw(new Line2D.Double(-2, at, 2, at));
            }
            if (pattern == 4 || pattern == 6) {
                graphics.draw(new Line2D.Double(at, -2, at, 2));
            }
            if (pattern == 5) {
                graphics.draw(new Line2D.Double(at - 1, -1.5, at + 1, 1.5));
            }
            for (double other = -1.6; pattern == 7 && other < 1.6; other += step) {
                graphics.fill(new Ellipse2D.Double(at, other, width, width));
            }
        }
        graphics.setClip(before);
    }

    private void stroke(double width) {
        graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    }

    private Color colour() {
        int grey = whole(20, 236);
        double strength = between(0, 0.9);
        return new Color(
                (int) (grey + (whole(0, 256) - grey) * strength),
                (int) (grey + (whole(0, 256) - grey) * strength),
                (int) (grey + (whole(0, 256) - grey) * strength));
    }

    private static int difference(Color a, Color b) {
        return Math.abs(a.getRed() - b.getRed())
                + Math.abs(a.getGreen() - b.getGreen())
                + Math.abs(a.getBlue() - b.getBlue());
    }

    private static Color tone(Color colour, double factor) {
        return new Color(
                (int) Math.min(255, colour.getRed() * factor), (int) Math.min(255, colour.getGreen() * factor), (int)
                        Math.min(255, colour.getBlue() * factor));
    }
}
