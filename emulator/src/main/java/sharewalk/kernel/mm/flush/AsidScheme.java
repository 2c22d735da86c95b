package sharewalk.kernel.mm.flush;

/// The ids of address spaces where a space has one id for all harts.
sealed interface AsidScheme permits AsidGenerations, SingleAsid {
    /// Returns the scheme for a machine's ids: generations if there are more than two ids for each hart, else none
    /// (`asids_init`).
    static AsidScheme of(FlushSettings settings, HartOrders orders) {
        int ids = 1 << settings.asidBits();
        int end = ids - settings.domainIds();
        return end > 2 * orders.hartCount() ? new AsidGenerations(ids, end, orders) : new SingleAsid(orders);
    }

    /// Gives a space a valid id and makes a hart use it.
    void load(TaggedSpace space, int hart);

    /// Returns the id a hart uses.
    int id(int hart);

    /// Returns the id of a space, as it was when it was loaded last.
    int id(TaggedSpace space);

    /// Returns whether a hart may remember spaces that it has left.
    boolean outlastsSwitches();
}
