package sharewalk.report;

import sharewalk.cost.CostModel;
import sharewalk.cost.CostTable;
import sharewalk.cost.Cycles;
import sharewalk.cost.PricedCounts;
import sharewalk.experiment.operation.OperationCost;
import sharewalk.mmu.count.CounterSnapshot;

/// What an operation and its aftermath cost, in cycles.
record OperationCycles(Cycles during, Cycles aftermath) {
    static OperationCycles of(OperationCost cost, CostTable costs) {
        return new OperationCycles(price(cost.during().counts(), costs), price(cost.aftermath(), costs));
    }

    /// An aftermath can have fewer of something: the range of what is saved is turned round.
    private static Cycles price(CounterSnapshot counts, CostTable costs) {
        Cycles sum = Cycles.ZERO;
        for (PricedCounts.Line line : CostModel.price(counts, costs).lines()) {
            Cycles cycles = line.cycles();
            sum = sum.plus(new Cycles(
                    Math.min(cycles.low(), cycles.high()), cycles.typical(), Math.max(cycles.low(), cycles.high())));
        }
        return sum;
    }
}
