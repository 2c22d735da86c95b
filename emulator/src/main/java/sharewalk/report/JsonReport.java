package sharewalk.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.experiment.Ending;
import sharewalk.experiment.ExperimentSpec;
import sharewalk.experiment.Measures;
import sharewalk.experiment.Metric;
import sharewalk.experiment.NamedMeasures;
import sharewalk.experiment.ProcessResult;
import sharewalk.experiment.Provenance;
import sharewalk.experiment.RunResult;
import sharewalk.experiment.UnknownSystemCall;
import sharewalk.experiment.WalkLevel;
import sharewalk.machine.Machine;
import sharewalk.machine.PagingModeName;
import sharewalk.mmu.count.FlushCause;
import sharewalk.mmu.count.MissTotals;
import sharewalk.mmu.paging.PageSize;
import sharewalk.mmu.tlb.TlbArrayGeometry;
import sharewalk.mmu.tlb.TlbGeometry;
import sharewalk.mmu.walk.PteCacheGeometry;

/// The report of a run for programs: JSON with the keys in one order. The schema is described in the README.
public final class JsonReport {
    /// The name and version of the schema; a change that breaks readers changes it.
    public static final String SCHEMA = "sharewalk-run-1";

    private JsonReport() {}

    /// Returns the report, its last line ended.
    public static String render(RunResult result) {
        return JsonText.of(document(result));
    }

    /// Returns the report as maps and lists, keys in order.
    static SequencedMap<String, Object> document(RunResult result) {
        ExperimentSpec spec = result.spec();
        Provenance provenance = result.provenance();
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("schema", SCHEMA);
        json.put("sharewalkVersion", provenance.sharewalkVersion());
        json.put("engine", ordered("name", provenance.engineName(), "version", provenance.engineVersion()));
        json.put("kernel", provenance.kernel());
        json.put("mode", MachineText.mode(spec.machine()));
        json.put("isa", spec.machine().isa().name());
        json.put("machine", machine(spec));
        json.put("design", spec.design());
        json.put("designKind", spec.sharing().kind().word());
        json.put("program", spec.command().name());
        json.put("arguments", spec.command().arguments());
        json.put("exit", exit(result.ending()));
        json.put("phases", named(result.phases()));
        json.put("processes", processes(result.processes()));
        json.put("mappings", named(result.mappings()));
        json.put("totals", measures(result.totals()));
        json.put("priced", new PricedBlock(result).json());
        json.put("walkLevels", walkLevels(result.walkLevels()));
        json.put("unknownSyscalls", unknown(result.unknownSystemCalls()));
        json.put("remarks", result.remarks());
        json.put("warnings", result.warnings());
        return json;
    }

    private static Map<String, Object> machine(ExperimentSpec spec) {
        MachineSpec machine = spec.machine();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("profile", machine.profile().name());
        json.put("title", spec.origin().title());
        String file = spec.origin().fromFile();
        if (file != null) {
            json.put("fromFile", file);
        }
        json.put("figures", spec.origin().figures().size());
        json.put("guesses", spec.origin().guesses());
        json.put("paging", PagingModeName.of(machine.paging()));
        json.put("harts", machine.harts());
        json.put("l1i", tlb(machine.profile().l1i()));
        json.put("l1d", tlb(machine.profile().l1d()));
        json.put("l2", tlb(machine.profile().l2()));
        TlbGeometry l2i = machine.profile().tlbs().l2i();
        if (l2i != null) {
            json.put("l2i", tlb(l2i));
        }
        json.put("walkCache", machine.profile().walkCache().toString());
        json.put("pteCaches", pteCaches(machine.profile().walker().pteCaches()));
        json.put("asidBits", machine.profile().asidBits());
        json.put("sharedDomains", machine.profile().tags().sharedDomains());
        json.put("sharedWalkCache", machine.profile().tags().sharedWalkCache());
        json.put(
                "remoteInvalidation",
                Machine.effectiveRemote(machine.isa(), machine.profile()).key());
        json.put("hardwareUpdate", machine.profile().hardwareUpdate());
        json.put("ramBytes", machine.ramBytes());
        json.put("turnInstructions", spec.slices().turnInstructions());
        json.put("quantumInstructions", spec.slices().quantumInstructions());
        json.put("seed", machine.seed());
        if (!machine.misses().spared().isEmpty()) {
            json.put(
                    "sparedFlushes",
                    machine.misses().spared().stream().map(FlushCause::key).toList());
        }
        return json;
    }

    private static Map<String, Object> tlb(TlbGeometry geometry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("text", geometry.toString());
        json.put("arrays", geometry.arrays().stream().map(JsonReport::array).toList());
        return json;
    }

    private static Map<String, Object> array(TlbArrayGeometry geometry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sets", geometry.sets());
        json.put("ways", geometry.ways());
        json.put("policy", geometry.policy().toString());
        json.put("pageSizes", geometry.sizes().stream().map(PageSize::toString).toList());
        return json;
    }

    private static Map<String, Object> pteCaches(PteCacheGeometry geometry) {
        List<Object> levels = new ArrayList<>();
        for (PteCacheGeometry.Level level : geometry.levels()) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("sizeBytes", level.sizeBytes());
            item.put("ways", level.ways());
            item.put("policy", level.policy().toString());
            item.put("shared", level.shared());
            levels.add(item);
        }
        return ordered("text", geometry.toString(), "levels", levels);
    }

    private static List<Object> walkLevels(List<WalkLevel> levels) {
        List<Object> json = new ArrayList<>();
        for (WalkLevel level : levels) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("level", level.level());
            item.put("walkCache", level.walkCache());
            item.put("l1", level.l1());
            item.put("l2", level.l2());
            item.put("l3", level.l3());
            item.put("memory", level.memory());
            json.add(item);
        }
        return json;
    }

    private static Map<String, Object> exit(Ending ending) {
        return switch (ending) {
            case Ending.Exited(int code) -> ordered("kind", "exited", "status", code);
            case Ending.Killed(int signal) -> ordered("kind", "killed", "signal", signal);
            case Ending.Failed(String reason) -> ordered("kind", "failed", "reason", reason);
            case Ending.Broken(String reason) -> ordered("kind", "broken", "reason", reason);
            case Ending.Running _ -> new LinkedHashMap<>(Map.of("kind", "running"));
        };
    }

    private static List<Object> named(List<NamedMeasures> each) {
        List<Object> json = new ArrayList<>();
        for (NamedMeasures one : each) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("name", one.name());
            item.putAll(measures(one.measures()));
            json.add(item);
        }
        return json;
    }

    private static List<Object> processes(List<ProcessResult> each) {
        List<Object> json = new ArrayList<>();
        for (ProcessResult process : each) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("pid", process.pid());
            item.put("parentPid", process.parentPid());
            item.put("name", process.name());
            item.put("exit", exit(process.ending()));
            item.putAll(measures(process.measures()));
            item.put("phases", named(process.phases()));
            item.put("mappings", named(process.mappings()));
            json.add(item);
        }
        return json;
    }

    /// Returns all figures under their keys.
    static Map<String, Object> measures(Measures measures) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            json.put(metric.key(), measures.get(metric));
        }
        MissTotals misses = measures.counts().misses();
        if (misses != null) {
            json.put("missCauses", MissCauses.document(misses));
        }
        return json;
    }

    private static List<Object> unknown(List<UnknownSystemCall> each) {
        List<Object> json = new ArrayList<>();
        for (UnknownSystemCall call : each) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("number", call.number());
            item.put("name", call.name());
            item.put("calls", call.calls());
            json.add(item);
        }
        return json;
    }

    private static Map<String, Object> ordered(String key, Object value, String secondKey, Object secondValue) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(key, value);
        json.put(secondKey, secondValue);
        return json;
    }
}
