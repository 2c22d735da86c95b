package sharewalk.kernel.mm;

/// The finder of the label under which a table page for an address is reported.
record LabelFinder(VmaSet vmas) implements TableLedger.LabelOfAddress {
    @Override
    public String labelAt(long virtAddr) {
        Vma vma = vmas.find(virtAddr);
        return vma == null ? "[unmapped]" : vma.label();
    }
}
