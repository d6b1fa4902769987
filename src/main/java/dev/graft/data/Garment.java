package dev.graft.data;

import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/** The ten garments of the drawn sample set; classes overlap on purpose, as wardrobes do. */
enum Garment {
    DRESS("dress") {
        @Override
        void draw(Scene scene) {
            double shoulder = scene.between(0.22, 0.36);
            double waist = scene.between(0.18, 0.3);
            double hem = scene.between(0.35, 0.75);
            double middle = scene.between(-0.25, 0.05);
            double bottom = scene.between(0.55, 0.95);
            Area area = new Area(
                    mirrored(shoulder * 0.5, -0.85, shoulder, -0.8, shoulder * 0.95, -0.5, waist, middle, hem, bottom));
            neck(area, scene, -0.87);
            if (scene.chance(0.45)) {
                sleeves(area, scene, shoulder, -0.75, scene.between(0.15, 0.6));
            }
            scene.cloth(area);
            if (scene.chance(0.4)) {
                scene.edge(new Line2D.Double(-waist, middle, waist, middle), scene.between(0.03, 0.08));
            }
        }
    },
    HAT("hat") {
        @Override
        void draw(Scene scene) {
            double width = scene.between(0.35, 0.55);
            double height = scene.between(0.45, 0.8);
            Area dome = new Area(new Ellipse2D.Double(-width, -height, 2 * width, 2 * height));
            dome.subtract(new Area(new Rectangle2D.Double(-2, 0, 4, 2)));
            double brim = scene.between(0.08, 0.2);
            Shape edge = scene.chance(0.5)
                    ? new Ellipse2D.Double(-0.95, -brim, 1.9, 2 * brim)
                    : new Ellipse2D.Double(-width, -brim * 0.7, width + scene.between(0.7, 1), 1.6 * brim);
            scene.cloth(dome);
            if (scene.chance(0.8)) {
                scene.cloth(edge);
            } else {
                scene.detail(new Rectangle2D.Double(-width, -0.15, 2 * width, 0.22));
            }
        }
    },
    LONGSLEEVE("longsleeve") {
        @Override
        void draw(Scene scene) {
            scene.cloth(top(scene, scene.between(0.75, 1.25), scene.between(0.28, 0.42), scene.between(0.45, 0.75)));
            if (scene.chance(0.2)) {
                front(scene, 0);
            }
        }
    },
    OUTWEAR("outwear") {
        @Override
        void draw(Scene scene) {
            double bottom = scene.between(0.55, 0.95);
            scene.cloth(top(scene, scene.between(0.75, 1.25), scene.between(0.36, 0.52), bottom));
            if (scene.chance(0.5)) {
                scene.detail(mirrored(0, 0.1, 0.05, bottom, 0.12, bottom, 0.16, -0.6));
            }
            scene.edge(new Line2D.Double(0, -0.5, scene.between(-0.06, 0.06), bottom), scene.between(0.03, 0.07));
            if (scene.chance(0.6)) {
                scene.edge(new Line2D.Double(-0.18, -0.62, 0, -0.25), 0.05);
                scene.edge(new Line2D.Double(0.18, -0.62, 0, -0.25), 0.05);
            }
            if (scene.chance(0.5)) {
                scene.edge(new Line2D.Double(-0.3, 0.3, -0.14, 0.3), 0.05);
                scene.edge(new Line2D.Double(0.3, 0.3, 0.14, 0.3), 0.05);
            }
        }
    },
    PANTS("pants") {
        @Override
        void draw(Scene scene) {
            legs(scene, scene.between(0.7, 0.95));
        }
    },
    SHIRT("shirt") {
        @Override
        void draw(Scene scene) {
            double sleeve = scene.chance(0.3) ? scene.between(0.3, 0.5) : scene.between(0.75, 1.2);
            scene.cloth(top(scene, sleeve, scene.between(0.3, 0.45), scene.between(0.5, 0.8)));
            front(scene, scene.whole(3, 7));
            Shape collar = mirrored(0.02, -0.48, 0.14, -0.42, 0.2, -0.62);
            scene.detail(collar);
        }
    },
    SHOES("shoes") {
        @Override
        void draw(Scene scene) {
            int count = scene.chance(0.6) ? 2 : 1;
            for (int i = 0; i < count; i++) {
                double y = count == 1 ? 0 : -0.35 + 0.75 * i;
                double heel = scene.between(-0.62, -0.25);
                double toe = scene.between(-0.1, 0.1);
                Path2D shoe = new Path2D.Double();
                shoe.moveTo(-0.8, y + 0.3);
                shoe.lineTo(-0.78, y + heel);
                shoe.lineTo(-0.35, y + heel);
                shoe.quadTo(-0.2, y - 0.05, 0.3, y + toe - 0.05);
                shoe.quadTo(0.85, y + toe, 0.85, y + 0.3);
                shoe.closePath();
                scene.cloth(shoe);
                scene.detail(new Rectangle2D.Double(-0.82, y + 0.24, 1.7, scene.between(0.06, 0.16)));
            }
        }
    },
    SHORTS("shorts") {
        @Override
        void draw(Scene scene) {
            legs(scene, scene.between(0, 0.4));
        }
    },
    SKIRT("skirt") {
        @Override
        void draw(Scene scene) {
            double waist = scene.between(0.22, 0.4);
            double bottom = scene.between(0.2, 0.85);
            scene.cloth(mirrored(waist, -0.6, waist * 1.15, -0.3, scene.between(0.35, 0.85), bottom));
            if (scene.chance(0.6)) {
                scene.detail(new Rectangle2D.Double(-waist, -0.6, 2 * waist, 0.1));
            }
            for (int i = scene.whole(0, 4); i > 0; i--) {
                double x = scene.between(-0.5, 0.5);
                scene.edge(new Line2D.Double(x * 0.5, -0.45, x, bottom), 0.03);
            }
        }
    },
    T_SHIRT("t-shirt") {
        @Override
        void draw(Scene scene) {
            scene.cloth(top(scene, scene.between(0.25, 0.55), scene.between(0.3, 0.45), scene.between(0.45, 0.75)));
            if (scene.chance(0.35)) {
                scene.detail(new Ellipse2D.Double(-0.18, -0.25, 0.36, scene.between(0.2, 0.4)));
            }
        }
    };

    private final String className;

    Garment(String className) {
        this.className = className;
    }

    String className() {
        return className;
    }

    /** Draws the garment in its own square, (-1, -1) to (1, 1). */
    abstract void draw(Scene scene);

    /** Draws a whole picture. */
    BufferedImage picture(SplittableRandom random, int size) {
        Scene scene = new Scene(random, size).backdrop().pose(0.35);
        draw(scene);
        return scene.photograph();
    }

    private static Area top(Scene scene, double sleeve, double width, double bottom) {
        Area area = new Area(
                mirrored(width * 0.4, -0.65, width, -0.55, width * 0.95, 0, width * scene.between(0.85, 1.2), bottom));
        neck(area, scene, -0.67);
        sleeves(area, scene, width, -0.5, sleeve);
        return area;
    }

    private static void neck(Area area, Scene scene, double y) {
        double width = scene.between(0.1, 0.18);
        double depth = scene.between(0.06, 0.2);
        area.subtract(new Area(new Ellipse2D.Double(-width, y - depth, 2 * width, 2 * depth)));
    }

    /** Adds two arms, each with an angle of its own, folded in now and then. */
    private static void sleeves(Area area, Scene scene, double x, double y, double length) {
        double angle = scene.between(0.15, 1.2);
        double width = scene.between(0.2, 0.3);
        for (int side = -1; side <= 1; side += 2) {
            double own = angle + scene.between(-0.25, 0.25);
            double dx = StrictMath.sin(own) * side;
            double dy = StrictMath.cos(own);
            Path2D arm = new Path2D.Double();
            arm.moveTo(side * x * 0.7, y - 0.08);
            arm.lineTo(side * x + dy * side * 0.05, y - 0.02);
            arm.lineTo(
                    side * (x - 0.05) + dx * length + dy * side * width * 0.4,
                    y + dy * length - dx * side * width * 0.4);
            arm.lineTo(
                    side * (x - 0.05) + dx * length - dy * side * width * 0.4,
                    y + dy * length + dx * side * width * 0.4);
            arm.lineTo(side * x * 0.75, y + width * 1.3);
            arm.closePath();
            area.add(new Area(arm));
        }
    }

    private static void front(Scene scene, int buttons) {
        scene.edge(new Line2D.Double(0, -0.45, 0, 0.55), 0.03);
        for (int i = 0; i < buttons; i++) {
            scene.detail(new Ellipse2D.Double(-0.03, -0.35 + 0.85 * i / buttons, 0.07, 0.07));
        }
    }

    private static void legs(Scene scene, double bottom) {
        double waist = scene.between(0.25, 0.38);
        double spread = scene.between(0.02, 0.22);
        double width = scene.between(0.2, 0.36);
        double crotch = scene.between(-0.4, -0.2);
        Area area = new Area(mirrored(
                waist, -0.85, waist * 1.2, crotch, spread + width, bottom, spread, bottom, 0.02, crotch + 0.08));
        scene.cloth(area);
        if (scene.chance(0.6)) {
            scene.detail(new Rectangle2D.Double(-waist, -0.85, 2 * waist, 0.09));
        }
        if (scene.chance(0.5)) {
            scene.edge(new Line2D.Double(0, -0.8, 0, crotch), 0.03);
        }
    }

    /** The polygon through the points and their mirror images, given down the right side. */
    private static Shape mirrored(double... points) {
        Path2D path = new Path2D.Double();
        path.moveTo(points[0], points[1]);
        for (int i = 2; i < points.length; i += 2) {
            path.lineTo(points[i], points[i + 1]);
        }
        for (int i = points.length - 2; i >= 0; i -= 2) {
            path.lineTo(-points[i], points[i + 1]);
        }
        path.closePath();
        return path;
    }
}
