package sharewalk.experiment;

import java.util.List;

/// What was measured of one process.
///
/// @param name the last part of the path of what it ran last
/// @param phases in the order it first reached them
/// @param mappings in the order they first appeared
public record ProcessResult(
        int pid,
        int parentPid,
        String name,
        Ending ending,
        Measures measures,
        List<NamedMeasures> phases,
        List<NamedMeasures> mappings) {}
