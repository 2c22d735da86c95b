package sharewalk.machine;

/// One figure of a profile and what it rests on.
///
/// @param key where it stands in the file, for example `tlbs.l1d[0].shape`
/// @param value as written in the file
/// @param basis the source; for a guess, why this value
/// @param isGuess whether no source gives the figure for this machine
public record Figure(String key, String value, String basis, boolean isGuess) {
    /// What a figure rests on whose file says nothing.
    public static final String NO_SOURCE = "the file names no source";
}
