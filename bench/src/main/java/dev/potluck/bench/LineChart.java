package dev.potluck.bench;

import java.util.List;
import java.util.Locale;

/// One or more lines over the same axes, both from 0.
record LineChart(String title, String across, String up, List<Line> lines) implements Chart {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;
  private static final int LEFT = 60;
  private static final int RIGHT = 20;
  private static final int TOP = 60;
  private static final int BOTTOM = 50;
  private static final int STEPS = 5;

  record Point(double x, double y) {}

  record Line(String name, List<Point> points) {
    Line {
      points = List.copyOf(points);
    }
  }

  LineChart {
    lines = List.copyOf(lines);
  }

  @Override
  public String svg() {
    Svg svg = new Svg(WIDTH, HEIGHT);
    svg.words(WIDTH / 2.0, 20, "middle", title);
    axes(svg);
    for (int i = 0; i < lines.size(); i++) {
      draw(svg, lines.get(i), Svg.colour(i));
      svg.bar(LEFT + i * 150, 32, 12, 12, Svg.colour(i));
      svg.words(LEFT + i * 150 + 18, 42, "start", lines.get(i).name());
    }
    return svg.picture();
  }

  private void axes(Svg svg) {
    svg.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, Svg.AXIS);
    svg.line(LEFT, TOP, LEFT, HEIGHT - BOTTOM, Svg.AXIS);
    svg.words((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", across);
    svg.words(8, TOP - 8, "start", up);
    for (int i = 0; i <= STEPS; i++) {
      double value = greatestY() * i / STEPS;
      svg.words(LEFT - 6, y(value) + 4, "end", String.format(Locale.ROOT, "%.3g", value));
    }
    lines.stream()
        .flatMap(line -> line.points().stream())
        .map(Point::x)
        .distinct()
        .forEach(
            x ->
                svg.words(
                    x(x), HEIGHT - BOTTOM + 18, "middle", String.format(Locale.ROOT, "%.4g", x)));
  }

  private void draw(Svg svg, Line line, String colour) {
    for (int i = 0; i < line.points().size(); i++) {
      Point point = line.points().get(i);
      svg.dot(x(point.x()), y(point.y()), colour);
      if (i > 0) {
        Point before = line.points().get(i - 1);
        svg.line(x(before.x()), y(before.y()), x(point.x()), y(point.y()), colour);
      }
    }
  }

  private double x(double value) {
    double most =
        lines.stream().flatMap(l -> l.points().stream()).mapToDouble(Point::x).max().orElse(1);
    return LEFT + value / most * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - value / greatestY() * (HEIGHT - TOP - BOTTOM);
  }

  private double greatestY() {
    double most =
        lines.stream().flatMap(l -> l.points().stream()).mapToDouble(Point::y).max().orElse(1);
    return most > 0 ? Svg.roundUp(most) : 1;
  }
}
