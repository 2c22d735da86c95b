package sharewalk.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import sharewalk.cpu.unicorn.MachineSpec;
import sharewalk.cpu.unicorn.UnicornMachine;
import sharewalk.elf.SymbolTable;
import sharewalk.kernel.Kernel;
import sharewalk.kernel.KernelReport;
import sharewalk.kernel.ProgramException;
import sharewalk.kernel.ProgramRequest;
import sharewalk.kernel.fs.FsContext;
import sharewalk.kernel.fs.Location;
import sharewalk.kernel.fs.MountOptions;
import sharewalk.kernel.fs.MountOrder;
import sharewalk.kernel.fs.MountTable;
import sharewalk.kernel.fs.Outcome;
import sharewalk.kernel.fs.device.GuestRandom;
import sharewalk.kernel.fs.device.StandardStreams;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.fs.tree.StandardTree;
import sharewalk.kernel.fs.tree.TreeSettings;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.mm.SharingDesign;
import sharewalk.kernel.mm.flush.FlushSettings;
import sharewalk.kernel.mm.flush.HartTranslations;
import sharewalk.kernel.process.FileServices;
import sharewalk.kernel.process.GuestClock;
import sharewalk.kernel.process.KernelSettings;
import sharewalk.kernel.process.MachineInProc;
import sharewalk.kernel.process.ProcessesInProc;
import sharewalk.kernel.process.Program;
import sharewalk.kernel.process.Task;
import sharewalk.kernel.share.Designs;
import sharewalk.kernel.share.InstalledDesign;
import sharewalk.kernel.share.InstalledDesign.Mountable;
import sharewalk.mmu.table.InvalidationLedger;
import sharewalk.mmu.table.TableContext;
import sharewalk.sanitize.ChangeJournal;
import sharewalk.sanitize.Sanitizer;

/// An emulated Linux on a machine, with its files set up and its first program loaded.
final class EmulatedLinux implements GuestView {
    private final Kernel kernel;
    private final StandardTree tree;
    private final List<String> warnings = new ArrayList<>();
    private final @Nullable Sanitizer sanitizer;
    private @Nullable String defect;

    private EmulatedLinux(Kernel kernel, StandardTree tree, @Nullable Sanitizer sanitizer) {
        this.kernel = kernel;
        this.tree = tree;
        this.sanitizer = sanitizer;
    }

    /// Returns the Linux of a spec, ready to run.
    ///
    /// @throws ExperimentException if the program cannot be started
    static EmulatedLinux boot(ExperimentSpec spec, UnicornMachine machine, StandardStreams streams) {
        return boot(spec, machine, streams, HartWiring.STRAIGHT);
    }

    /// Returns the Linux of a spec whose invalidations reach the harts by way of `wiring`.
    static EmulatedLinux boot(ExperimentSpec spec, UnicornMachine machine, StandardStreams streams, HartWiring wiring) {
        @Nullable ChangeJournal journal = spec.has(Instrument.SANITIZER) ? new ChangeJournal() : null;
        MemoryContext memory = memoryOf(spec, machine, wiring, journal);
        GuestClock clock = new GuestClock();
        GuestRandom random = new GuestRandom(spec.machine().seed());
        ProcessesInProc processes = new ProcessesInProc();
        StandardTree tree = StandardTree.of(new TreeSettings(
                new PageFrames(machine.allocator(), machine.memory(), machine.codeFrames(), memory.current()),
                memory.hugeMemory(),
                clock::realTime,
                random,
                streams,
                processes,
                new MachineInProc(spec.machine().isa(), spec.machine().harts(), memory, clock)));
        FileServices files = FileServices.of(tree, random, processes);
        KernelSettings settings = KernelSettings.DEFAULT.withSlices(
                spec.slices().turnInstructions(), spec.slices().quantumInstructions());
        Kernel kernel = new Kernel(new Kernel.Parts(machine.harts(), memory, files, clock, settings));
        @Nullable
        Sanitizer sanitizer = journal == null
                ? null
                : new Sanitizer(journal, machine.harts(), machine.allocator().table());
        if (sanitizer != null) {
            kernel.checkReturns(wiring.check(sanitizer));
        }
        EmulatedLinux linux = new EmulatedLinux(kernel, tree, sanitizer);
        linux.install(spec.sharing(), memory);
        if (spec.notifiesWrites()) {
            kernel.notifyWrites();
        }
        linux.start(spec);
        return linux;
    }

    private static MemoryContext memoryOf(
            ExperimentSpec experiment, UnicornMachine machine, HartWiring wiring, @Nullable ChangeJournal journal) {
        MachineSpec spec = machine.spec();
        OptionalInt ceiling = experiment.origin().kernelFor(spec.isa()).pageFlushCeiling();
        TableContext tables = new TableContext(
                spec.paging(), machine.memory(), machine.allocator(), new InvalidationLedger(), machine.pteCaches());
        List<HartTranslations> harts = machine.harts().stream()
                .<HartTranslations>map(hart -> journaled(hart.hart(), wiring.connect(hart, hart::invalidate), journal))
                .toList();
        if (journal != null) {
            tables.ledger().watch(journal);
        }
        MemoryContext memory = new MemoryContext(
                tables,
                FlushSettings.of(spec.profile(), ceiling),
                spec.profile().walker().features(),
                machine.codeFrames(),
                harts);
        machine.pteCaches().softwareRunsOn(() -> memory.current().hart());
        return memory;
    }

    private static HartTranslations journaled(
            int hart, HartTranslations translations, @Nullable ChangeJournal journal) {
        if (journal == null) {
            return translations;
        }
        return (scope, cause) -> {
            journal.told(hart, scope, cause);
            translations.invalidate(scope, cause);
        };
    }

    /// Puts the design to work: what it brings is mounted where Linux's init would.
    private void install(SharingDesign design, MemoryContext memory) {
        InstalledDesign installed = Designs.install(design, memory, new CurrentTask(kernel));
        kernel.services().exiting().whenTaskExits(installed::taskExited);
        installed.systemCalls().forEach(call -> kernel.bring(call.call(), call.body()));
        MountTable mounts = tree.vfs().mounts();
        FsContext root = tree.vfs().rootContext();
        for (Mountable each : installed.fileSystems()) {
            mounts.register(each.type());
            Outcome<Location> directory = tree.vfs().find(each.directory());
            if (directory.isError()) {
                tree.makeDirectories(each.directory());
                directory = tree.vfs().find(each.directory());
            }
            String name = each.type().name();
            MountOrder order = new MountOrder(MountOptions.DEFAULT, "");
            if (directory.isError()
                    || mounts.mount(root, name, name, directory.value(), order).isError()) {
                throw new ExperimentException("%s cannot be mounted at %s.".formatted(name, each.directory()));
            }
        }
        root.release();
    }

    private void start(ExperimentSpec spec) {
        GuestCommand command = spec.command();
        String path = "/bin/" + command.file().getFileName();
        try {
            tree.addProgram(command.file(), path);
            for (HostDirectory directory : spec.directories()) {
                tree.mountHostDirectory(directory.host(), directory.guestPath());
            }
        } catch (IOException e) {
            throw new ExperimentException("Cannot read %s.".formatted(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new ExperimentException("The guest's files cannot be set up: %s.".formatted(e.getMessage()));
        }
        List<String> arguments = new ArrayList<>(List.of(path));
        arguments.addAll(command.arguments());
        try {
            kernel.start(new ProgramRequest(path, arguments, command.environment(), "/", tree.newFileTable()));
        } catch (ProgramException e) {
            // The user knows the file under another name.
            String sentence = String.valueOf(e.getMessage());
            String name =
                    sentence.startsWith(path + " ") ? command.name() + sentence.substring(path.length()) : sentence;
            throw new UnrunnableProgramException(name);
        }
    }

    /// Runs until every process has ended.
    KernelReport run(BooleanSupplier interrupted) {
        KernelReport report;
        try {
            report = kernel.run(interrupted);
        } catch (RuntimeException e) {
            // What was measured so far is not lost with it.
            LoggerFactory.getLogger(EmulatedLinux.class).debug("The run broke off", e);
            defect = e.toString();
            report = kernel.report(defect);
        }
        try {
            tree.flush();
        } catch (IOException e) {
            warnings.add("The guest's output could not be written: %s.".formatted(e.getMessage()));
        }
        return report;
    }

    /// Returns the defect that ended the run, or null.
    @Nullable
    String defect() {
        return defect;
    }

    /// Returns what an instrument has to say at the end.
    List<String> remarks() {
        return sanitizer == null || sanitizer.hasFound() ? List.of() : List.of(sanitizer.summary());
    }

    /// Returns what went otherwise than a program could expect.
    List<String> warnings() {
        return warnings;
    }

    @Override
    public int pid(int hart) {
        @Nullable Task task = kernel.runningOn(hart);
        return task == null ? 0 : task.process().pid();
    }

    @Override
    public SymbolTable.@Nullable Position symbolAt(int hart, long virtAddr) {
        @Nullable Task task = kernel.runningOn(hart);
        if (task == null) {
            return null;
        }
        Program program = task.process().program();
        return program.symbols().at(virtAddr - program.bias());
    }
}
