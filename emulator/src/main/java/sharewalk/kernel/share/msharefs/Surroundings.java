package sharewalk.kernel.share.msharefs;

import sharewalk.kernel.mm.MemoryContext;
import sharewalk.kernel.share.CallingTask;
import sharewalk.kernel.share.region.Owners;

/// What the files of every mount work with: the machine's memory, who calls, who owns which region, and the rules.
record Surroundings(MemoryContext memory, CallingTask caller, Owners<MshareRegion> owners, Rules rules) {}
