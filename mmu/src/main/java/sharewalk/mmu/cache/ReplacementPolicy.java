package sharewalk.mmu.cache;

/// A rule that says which way of a full set makes room for a newcomer.
///
/// It sees sets and ways only. The store fills invalid ways first, lowest first, without asking; so a policy never
/// hears of invalidations, and [#victim] is asked about full sets only.
public interface ReplacementPolicy {

    /// Tells that `way` of `set` has just received a new key.
    void filled(int set, int way);

    /// Tells that `way` of `set` has been hit. The store does not call it unless [#hitsMatter].
    void touched(int set, int way);

    /// Returns the way that goes next from the full `set`. Asking changes nothing: two calls give the same answer.
    int victim(int set);

    /// Tells that a victim has been taken from the full `set`, whichever way it was in the end.
    void evicted(int set);

    /// Returns whether hits change the state of this policy.
    ///
    /// If they do, a hit on the way touched or filled last in its set must change nothing: the quiet-page rule
    /// rests on it.
    boolean hitsMatter();
}
