package sharewalk.report;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A table of text: some columns of names at the left, figures at the right of them.
final class TextTable {
    private static final int WIDEST_CELL = 60;

    private final List<Column> columns = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();

    /// Adds a column of names.
    void addNames(String header) {
        add(header, HorizontalAlign.LEFT);
    }

    /// Adds a column of figures.
    void addFigures(String header) {
        add(header, HorizontalAlign.RIGHT);
    }

    /// Adds a row with a cell for each column.
    void addRow(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        rows.add(cells.toArray(new String[0]));
    }

    /// Returns the table, each line ended.
    String render() {
        String table = AsciiTable.builder()
                .lineSeparator("\n")
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS_NO_OUTSIDE_BORDER)
                .data(columns.toArray(new Column[0]), rows.toArray(new String[0][]))
                .asString();
        return table.lines().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }

    private void add(String header, HorizontalAlign align) {
        columns.add(
                new Column().header(header).headerAlign(align).dataAlign(align).maxWidth(WIDEST_CELL));
    }
}
