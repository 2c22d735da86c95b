package sharewalk.kernel.process;

import java.util.Locale;
import sharewalk.cpu.GuestIsa;
import sharewalk.cpu.RiscV64;
import sharewalk.cpu.X86_64;
import sharewalk.kernel.fs.proc.SystemView;
import sharewalk.kernel.mm.MemoryContext;
import sharewalk.mmu.memory.FrameAllocator;
import sharewalk.mmu.memory.SwapSlots;
import sharewalk.mmu.paging.PagingMode;

/// The machine as /proc shows it.
public record MachineInProc(GuestIsa isa, int harts, MemoryContext context, GuestClock clock) implements SystemView {
    /// The release that guests are told: the mainline whose memory management is emulated.
    public static final String RELEASE = "6.17.0";

    @Override
    public SystemMemory memory() {
        FrameAllocator frames = context.frames();
        long free = frames.freeFrames() * PagingMode.PAGE_BYTES;
        long used = frames.usedFrames() * PagingMode.PAGE_BYTES;
        long tables = context.gauges().total().current();
        SwapSlots slots = frames.swap();
        Swap swap = new Swap(
                slots.capacity() * PagingMode.PAGE_BYTES, (slots.capacity() - slots.used()) * PagingMode.PAGE_BYTES);
        return new SystemMemory(free + used, free, 0, used - tables, 0, tables, swap);
    }

    @Override
    public String cpuInfo() {
        StringBuilder text = new StringBuilder();
        for (int hart = 0; hart < harts; hart++) {
            text.append("processor\t: ").append(hart).append('\n');
            switch (isa) {
                case RiscV64 _ ->
                    text.append("hart\t\t: ")
                            .append(hart)
                            .append("\nisa\t\t: rv64imafdc\nmmu\t\t: ")
                            .append(context.paging().name().toLowerCase(Locale.ROOT));
                case X86_64 _ -> text.append("vendor_id\t: Sharewalk\nmodel name\t: emulated\nflags\t\t: fpu sse sse2");
            }
            text.append("\n\n");
        }
        return text.toString();
    }

    @Override
    public String kernelRelease() {
        return RELEASE;
    }

    @Override
    public long uptimeNanoseconds() {
        return clock.now();
    }
}
