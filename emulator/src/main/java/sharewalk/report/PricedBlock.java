package sharewalk.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sharewalk.cost.Component;
import sharewalk.cost.Cost;
import sharewalk.cost.CostModel;
import sharewalk.cost.CostTable;
import sharewalk.cost.Cycles;
import sharewalk.cost.PricedCounts;
import sharewalk.experiment.Measures;
import sharewalk.experiment.NamedMeasures;
import sharewalk.experiment.ProcessResult;
import sharewalk.experiment.RunResult;

/// What a run's counts cost on its machine, as text and as JSON: a model, and called one.
final class PricedBlock {
    private final RunResult result;
    private final CostTable costs;

    PricedBlock(RunResult result) {
        this.result = result;
        this.costs = result.spec().costs();
    }

    /// Returns what measures of this run cost.
    PricedCounts price(Measures measures) {
        return CostModel.price(measures.counts(), costs);
    }

    /// Returns a table by phase, and what it is above it.
    String text() {
        TextTable table = new TextTable();
        table.addNames("phase");
        for (Component component : Component.values()) {
            table.addFigures(component.key());
        }
        table.addFigures("typical");
        table.addFigures("low");
        table.addFigures("high");
        for (NamedMeasures phase : result.phases()) {
            table.addRow(cells(phase.name(), phase.measures()));
        }
        table.addRow(cells("total", result.totals()));
        return heading() + "\n" + table.render();
    }

    private String heading() {
        return """
                Priced for machine %s: a model, counts times prices (%s), in cycles at %s MHz.
                %d of %d prices are guesses. The guest's own instructions are left out. Components are typical figures.
                """.formatted(
                        machine(),
                        costs.machine(),
                        Figures.count(costs.clockMhz()),
                        costs.guesses(),
                        costs.costs().size());
    }

    private String machine() {
        return result.spec().machine().profile().name();
    }

    private List<String> cells(String name, Measures measures) {
        PricedCounts priced = price(measures);
        List<String> cells = new ArrayList<>(List.of(name));
        for (Component component : Component.values()) {
            cells.add(Figures.count(priced.of(component).typical()));
        }
        Cycles total = priced.total();
        cells.add(Figures.count(total.typical()));
        cells.add(Figures.count(total.low()));
        cells.add(Figures.count(total.high()));
        return cells;
    }

    /// Returns all of it as maps and lists, keys in order.
    SequencedMap<String, Object> json() {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("model", "counts x prices");
        json.put("machine", machine());
        json.put("prices", costs.machine());
        json.put("clockMhz", costs.clockMhz());
        json.put("clockSource", costs.clockSource());
        json.put("guesses", costs.guesses());
        json.put("total", cycles(price(result.totals()).total()));
        json.put("components", components(price(result.totals())));
        json.put("primitives", primitives(price(result.totals())));
        json.put("phases", named(result.phases()));
        json.put("processes", processes());
        json.put("mappings", named(result.mappings()));
        return json;
    }

    private List<Object> named(List<NamedMeasures> each) {
        List<Object> json = new ArrayList<>();
        for (NamedMeasures one : each) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("name", one.name());
            put(item, one.measures());
            json.add(item);
        }
        return json;
    }

    private List<Object> processes() {
        List<Object> json = new ArrayList<>();
        for (ProcessResult process : result.processes()) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("pid", process.pid());
            put(item, process.measures());
            json.add(item);
        }
        return json;
    }

    private void put(Map<String, Object> item, Measures measures) {
        PricedCounts priced = price(measures);
        item.put("total", cycles(priced.total()));
        item.put("components", components(priced));
    }

    private static Map<String, Object> components(PricedCounts priced) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (Component component : Component.values()) {
            json.put(component.key(), cycles(priced.of(component)));
        }
        return json;
    }

    private List<Object> primitives(PricedCounts priced) {
        List<Object> json = new ArrayList<>();
        for (PricedCounts.Line line : priced.lines()) {
            Cost cost = costs.cost(line.primitive());
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("key", line.primitive().key());
            item.put("times", line.times());
            item.putAll(cycles(line.cycles()));
            item.put("price", cycles(new Cycles(cost.low(), cost.typical(), cost.high())));
            item.put("isGuess", cost.isGuess());
            item.put("source", cost.source());
            json.add(item);
        }
        return json;
    }

    private static Map<String, Object> cycles(Cycles cycles) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("low", cycles.low());
        json.put("typical", cycles.typical());
        json.put("high", cycles.high());
        return json;
    }
}
