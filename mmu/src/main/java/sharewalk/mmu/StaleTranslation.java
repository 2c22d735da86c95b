package sharewalk.mmu;

import sharewalk.mmu.walk.Rights;

/// Something that a hart may translate by and that its tables do not say, or no longer.
///
/// @param holder what holds it, for example `L1D`
/// @param virtAddr the first address of the part that is wrong
/// @param cached what is held: the physical address of `virtAddr`'s page, its low bits being [Rights]
/// @param fresh what the tables say, likewise; 0 where they have no translation
public record StaleTranslation(String holder, long virtAddr, Defect defect, long cached, long fresh) {

    /// What is wrong.
    public enum Defect {
        /// The tables do not translate the address.
        ABSENT("the tables do not map it"),
        /// The tables have another frame.
        OTHER_FRAME("the tables map another frame"),
        /// The tables lead nowhere from there (walk caches).
        NO_TABLE("the tables lead nowhere"),
        /// The tables lead to another table (walk caches).
        OTHER_TABLE("the tables lead to another table"),
        /// A right is held that the tables do not grant.
        MORE_RIGHTS("the tables grant less"),
        /// A store would not set the dirty bit, which is clear.
        DIRTY_AHEAD("the entry's dirty bit is clear"),
        /// The frame has been given back.
        FREE_FRAME("the frame is free");

        private final String sentence;

        Defect(String sentence) {
            this.sentence = sentence;
        }
    }

    @Override
    public String toString() {
        return "%s leads %#x to frame %#x %s, but %s%s"
                .formatted(
                        holder,
                        virtAddr,
                        cached >>> 12,
                        rights(cached),
                        defect.sentence,
                        fresh == 0 ? "" : " (frame %#x %s)".formatted(fresh >>> 12, rights(fresh)));
    }

    private static String rights(long translation) {
        return letter(translation, Rights.READ, "r")
                + letter(translation, Rights.WRITE, "w")
                + letter(translation, Rights.EXECUTE, "x")
                + letter(translation, Rights.USER, "u")
                + letter(translation, Rights.GLOBAL, "g")
                + letter(translation, Rights.DIRTY, "d");
    }

    private static String letter(long translation, int right, String letter) {
        return (translation & right) != 0 ? letter : "-";
    }
}
