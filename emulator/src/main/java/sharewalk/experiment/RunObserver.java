package sharewalk.experiment;

import sharewalk.cpu.unicorn.UnicornMachine;

/// An observer of a run. It looks and cannot change anything.
public interface RunObserver {
    /// Tells that a machine is about to start; the observer may ask to be told of its walks.
    void begin(UnicornMachine machine, GuestView guest);
}
