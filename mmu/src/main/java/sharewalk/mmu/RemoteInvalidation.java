package sharewalk.mmu;

/// The way in which one hart makes another forget translations.
public enum RemoteInvalidation {
    /// The kernel interrupts the other hart, which invalidates for itself (x86; RISC-V with an interrupt controller
    /// that the kernel may use).
    IPI("ipi"),
    /// The kernel asks the firmware, which interrupts the other harts (RISC-V SBI, RFENCE extension).
    SBI("sbi"),
    /// An instruction invalidates on every hart, another waits for it (AMD `INVLPGB`, `TLBSYNC`).
    INVLPGB("invlpgb"),
    /// The same as Arm has it (`TLBI ...IS`, `DSB`).
    TLBI("tlbi");

    private final String key;

    RemoteInvalidation(String key) {
        this.key = key;
    }

    /// Returns the name used in profiles and reports.
    public String key() {
        return key;
    }
}
