package unicorn;

/// A callback of a guest's execution, of any kind.
public interface Hook {}
