package sharewalk.benchmark;

/// What the [LoopProgram] does in one run.
///
/// @param pages the pages it chooses from, a power of two
/// @param accessesPerPage the loads, and the stores, it makes before it chooses again
/// @param visits how often it chooses
/// @param order how it chooses
record Workload(int pages, int accessesPerPage, int visits, Order order) {
    /// The order pages are visited in.
    enum Order {
        RANDOM(6_364_136_223_846_793_005L, 1_442_695_040_888_963_407L),

        /// One after the other, and again from the first.
        CYCLIC(1, 1L << 32);

        private final long multiplier;
        private final long increment;

        Order(long multiplier, long increment) {
            this.multiplier = multiplier;
            this.increment = increment;
        }

        /// Returns the multiplier of the generator whose upper half, modulo the pages, is the page.
        long multiplier() {
            return multiplier;
        }

        /// Returns the increment of the generator.
        long increment() {
            return increment;
        }
    }

    /// Returns random visits.
    static Workload random(int pages, int accessesPerPage, int visits) {
        return new Workload(pages, accessesPerPage, visits, Order.RANDOM);
    }

    /// Returns visits in turn, with one load and one store each.
    static Workload cyclic(int pages, int visits) {
        return new Workload(pages, 1, visits, Order.CYCLIC);
    }

    /// Returns this workload with fewer or more visits.
    Workload withVisits(int newVisits) {
        return new Workload(pages, accessesPerPage, newVisits, order);
    }
}
