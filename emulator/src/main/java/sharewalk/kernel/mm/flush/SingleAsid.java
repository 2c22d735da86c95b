package sharewalk.kernel.mm.flush;

import sharewalk.mmu.count.FlushCause;

/// No ids, or too few: every space has id 0, and a hart forgets it whenever it loads another (`set_mm_noasid`).
final class SingleAsid implements AsidScheme {
    private final HartOrders orders;

    SingleAsid(HartOrders orders) {
        this.orders = orders;
    }

    @Override
    public void load(TaggedSpace space, int hart) {
        orders.dropAtSwitch(hart, 0, FlushCause.CONTEXT_SWITCH);
    }

    @Override
    public int id(int hart) {
        return 0;
    }

    @Override
    public int id(TaggedSpace space) {
        return 0;
    }

    @Override
    public boolean outlastsSwitches() {
        return false;
    }
}
