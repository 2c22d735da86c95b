package sharewalk.experiment;

/// What was measured of a phase or of the mappings of one name.
public record NamedMeasures(String name, Measures measures) {}
