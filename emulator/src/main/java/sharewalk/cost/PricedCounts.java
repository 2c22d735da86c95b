package sharewalk.cost;

import java.util.List;

/// Counted operations with what they take, one line for each [Primitive] in their order.
public record PricedCounts(List<Line> lines) {
    /// An operation, how often it was made, and the cycles of all of them.
    public record Line(Primitive primitive, long times, Cycles cycles) {}

    public PricedCounts {
        lines = List.copyOf(lines);
    }

    /// Returns the cycles of everything.
    public Cycles total() {
        return lines.stream().map(Line::cycles).reduce(Cycles.ZERO, Cycles::plus);
    }

    /// Returns the cycles of one component.
    public Cycles of(Component component) {
        return lines.stream()
                .filter(line -> line.primitive().component() == component)
                .map(Line::cycles)
                .reduce(Cycles.ZERO, Cycles::plus);
    }
}
