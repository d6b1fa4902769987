package dev.graft.data;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * The drawn task the small built-in base is pretrained on: twenty everyday shapes in the same kind of pictures as the
 * sample set, and never a garment, so that what a sweep measures on the sample set is transfer.
 */
public final class SourceTask {

    /** Changes whenever the drawings do. */
    public static final int VERSION = 1;

    private static final List<String> CLASSES = List.of(
            "arrow",
            "cross",
            "crescent",
            "cup",
            "fish",
            "flower",
            "gear",
            "heart",
            "house",
            "key",
            "ladder",
            "leaf",
            "lightning",
            "mushroom",
            "ring",
            "spiral",
            "star",
            "table",
            "tree",
            "wave");

    private SourceTask() {}

    /** Returns the class names; a label is an index into them. */
    public static List<String> classes() {
        return CLASSES;
    }

    /**
     * Draws one picture; the same arguments give the same pixels.
     *
     * @param classIndex from 0 to {@code classes().size()}, exclusive
     * @param seed numbers the pictures of a class
     * @param size the side in pixels
     * @return an image of type {@link BufferedImage#TYPE_3BYTE_BGR}
     */
    public static BufferedImage draw(int classIndex, long seed, int size) {
        String name = CLASSES.get(classIndex);
        Scene scene =
                new Scene(Seeded.random(seed, name, size), size).backdrop().pose(0.9);
        scene.cloth(shape(name, scene));
        return scene.photograph();
    }

    private static Shape shape(String name, Scene scene) {
        double wide = scene.between(0.15, 0.3);
        return switch (name) {
            case "arrow" ->
                polygon(-0.8, -wide, 0.1, -wide, 0.1, -0.3 - wide, 0.85, 0, 0.1, 0.3 + wide, 0.1, wide, -0.8, wide);
            case "cross" -> union(box(-0.8, -wide, 1.6, 2 * wide), box(-wide, -0.8, 2 * wide, 1.6));
            case "crescent" -> without(circle(0, 0, 0.8), circle(0.25 + wide, 0, 0.7));
            case "cup" ->
                union(
                        box(-0.6, -0.5, 0.9, 1.1),
                        without(circle(0.35, 0, 0.4), circle(0.35, 0, 0.25), box(-2, -2, 2.3, 4)));
            case "fish" ->
                union(oval(-0.85, -0.2 - wide, 1.3, 0.4 + 2 * wide), polygon(0.25, 0, 0.9, -0.45, 0.9, 0.45));
            case "flower" -> petals(scene.whole(5, 9));
            case "gear" -> without(star(scene.whole(8, 13), 0.85, 0.62, 0.5), circle(0, 0, wide));
            case "heart" ->
                union(
                        circle(-0.36, -0.25, 0.42),
                        circle(0.36, -0.25, 0.42),
                        polygon(-0.74, -0.08, 0.74, -0.08, 0, 0.85));
            case "house" ->
                without(
                        union(box(-0.6, -0.1, 1.2, 0.9), polygon(-0.85, -0.1, 0, -0.5 - wide, 0.85, -0.1)),
                        box(-0.15, 0.3, 0.3, 0.5));
            case "key" ->
                without(
                        union(
                                circle(-0.5, 0, 0.4),
                                box(-0.3, -0.1, 1.2, 0.2),
                                box(0.5, 0, 0.12, 0.35),
                                box(0.75, 0, 0.12, 0.3)),
                        circle(-0.5, 0, wide));
            case "ladder" -> ladder(scene.whole(3, 6));
            case "leaf" -> union(lens(0.3 + wide), box(-0.03, 0.5, 0.08, 0.45));
            case "lightning" -> polygon(-0.1, -0.9, 0.4, -0.9, 0.1, -0.2, 0.5, -0.2, -0.3, 0.9, -0.05, 0.1, -0.45, 0.1);
            case "mushroom" ->
                union(without(circle(0, -0.1, 0.75), box(-1, -0.05, 2, 2)), box(-wide, -0.1, 2 * wide, 0.9));
            case "ring" -> without(circle(0, 0, 0.8), circle(0, 0, 0.8 - wide));
            case "spiral" -> spiral(scene.between(2, 3));
            case "star" -> star(scene.whole(5, 8), 0.9, 0.3 + wide / 2, 0);
            case "table" -> union(box(-0.85, -0.4, 1.7, wide), box(-0.75, -0.3, 0.14, 1.1), box(0.6, -0.3, 0.14, 1.1));
            case "tree" ->
                union(
                        polygon(0, -0.9, 0.5, -0.25, -0.5, -0.25),
                        polygon(0, -0.5, 0.7, 0.4, -0.7, 0.4),
                        box(-0.1, 0.35, 0.2, 0.5));
            case "wave" -> wave(scene.whole(2, 4), wide);
            default -> throw new IllegalStateException("no drawing for " + name);
        };
    }

    private static Area ladder(int rungs) {
        Area area = union(box(-0.45, -0.9, 0.14, 1.8), box(0.31, -0.9, 0.14, 1.8));
        for (int i = 0; i < rungs; i++) {
            area.add(box(-0.4, -0.7 + 1.4 * i / (rungs - 1), 0.8, 0.12));
        }
        return area;
    }

    private static Area petals(int count) {
        Area area = circle(0, 0, 0.25);
        for (int i = 0; i < count; i++) {
            double angle = 2 * Math.PI * i / count;
            area.add(circle(StrictMath.cos(angle) * 0.55, StrictMath.sin(angle) * 0.55, 1.4 / count + 0.04));
        }
        return area;
    }

    /** Points outside and inside in turn; {@code flat} from 0 (sharp points) to 1 widens them into teeth. */
    private static Area star(int points, double outer, double inner, double flat) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < 4 * points; i++) {
            double radius = i % 4 < 2 ? outer : inner;
            double angle = Math.PI * 2 / points * (i / 4 + (i % 4 < 2 ? 0 : 0.5) + (i % 2 == 0 ? -flat : flat) / 4);
            double x = StrictMath.sin(angle) * radius;
            double y = -StrictMath.cos(angle) * radius;
            if (i == 0) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        path.closePath();
        return new Area(path);
    }

    private static Area lens(double width) {
        Path2D path = new Path2D.Double();
        path.moveTo(0, -0.9);
        path.quadTo(2 * width, -0.1, 0, 0.6);
        path.quadTo(-2 * width, -0.1, 0, -0.9);
        return new Area(path);
    }

    private static Shape spiral(double turns) {
        Path2D path = new Path2D.Double();
        path.moveTo(0, 0);
        for (int i = 1; i <= 60; i++) {
            double angle = 2 * Math.PI * turns * i / 60;
            path.lineTo(StrictMath.cos(angle) * 0.85 * i / 60, StrictMath.sin(angle) * 0.85 * i / 60);
        }
        return new BasicStroke(0.14f).createStrokedShape(path);
    }

    private static Shape wave(int periods, double height) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i <= 40; i++) {
            double y = StrictMath.sin(2 * Math.PI * periods * i / 40) * (height + 0.1);
            if (i == 0) {
                path.moveTo(-0.9, y);
            } else {
                path.lineTo(-0.9 + 1.8 * i / 40, y);
            }
        }
        Shape line = new BasicStroke(0.18f).createStrokedShape(path);
        Area area = new Area(line);
        area.transform(AffineTransform.getTranslateInstance(0, -0.3));
        Area both = new Area(area);
        area.transform(AffineTransform.getTranslateInstance(0, 0.6));
        both.add(area);
        return both;
    }

    private static Area union(Area... parts) {
        Area area = new Area();
        for (Area part : parts) {
            area.add(part);
        }
        return area;
    }

    private static Area without(Area whole, Area... holes) {
        for (Area hole : holes) {
            whole.subtract(hole);
        }
        return whole;
    }

    private static Area box(double x, double y, double width, double height) {
        return new Area(new Rectangle2D.Double(x, y, width, height));
    }

    private static Area circle(double x, double y, double radius) {
        return oval(x - radius, y - radius, 2 * radius, 2 * radius);
    }

    private static Area oval(double x, double y, double width, double height) {
        return new Area(new Ellipse2D.Double(x, y, width, height));
    }

    private static Area polygon(double... points) {
        Path2D path = new Path2D.Double();
        path.moveTo(points[0], points[1]);
        for (int i = 2; i < points.length; i += 2) {
            path.lineTo(points[i], points[i + 1]);
        }
        path.closePath();
        return new Area(path);
    }
}
