package sharewalk.kernel.fs.tree;

import sharewalk.kernel.fs.FileClock;
import sharewalk.kernel.fs.device.GuestRandom;
import sharewalk.kernel.fs.device.StandardStreams;
import sharewalk.kernel.fs.page.PageFrames;
import sharewalk.kernel.fs.proc.ProcessTable;
import sharewalk.kernel.fs.proc.SystemView;
import sharewalk.kernel.mm.HugeMemory;

/// What a machine's tree of files is made from.
///
/// @param random the machine's random bytes, which getrandom(2) draws from as well
public record TreeSettings(
        PageFrames frames,
        HugeMemory hugeMemory,
        FileClock clock,
        GuestRandom random,
        StandardStreams streams,
        ProcessTable processes,
        SystemView system) {}
