package sharewalk.benchmark;

/// What the [LoopProgram] does in one run.
///
/// @param pages the pages it chooses from, a power of two
/// @param accessesPerPage the loads, and the stores, it makes before it chooses again
/// @param visits how often it chooses
record Workload(int pages, int accessesPerPage, int visits) {}
