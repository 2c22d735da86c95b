package sharewalk.cpu.unicorn;

/// The registers of an engine, numbered as the port numbers them.
interface RegisterFile extends InstructionDecoder.OperandRegisters {
    /// Brings a fresh engine into user mode.
    void enterUserMode();

    void setPc(long virtAddr);

    void setGeneral(int index, long value);

    long threadPointer();

    void setThreadPointer(long value);

    long flags();

    void setFlags(long value);

    byte[] floatState();

    void setFloatState(byte[] state);

    /// Puts all registers into the state Linux gives a program.
    void reset();

    /// Makes an engine that raised an exception fit to raise the next; registers keep their values.
    void forgetException();

    /// Does to the registers what the hardware does at a system call, beyond the program counter.
    void enterSystemCall();
}
