package tabular

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// maxRows is how many rows a sheet of Excel has.
const maxRows = 1 << 20

// numbers tell which cells of a sheet hold numbers; the library that reads workbooks
// gives them as text.
type numbers struct {
	rows    []numbered // in ascending order
	columns []uint16   // of the cells of all rows; 1 is the first
}

// numbered is a row that has numbers, and where its columns end.
type numbered struct{ line, end int }

// of returns the columns of a row that hold numbers, in ascending order.
func (n *numbers) of(line int) []uint16 {
	if n == nil {
		return nil
	}
	i, ok := slices.BinarySearchFunc(n.rows, line, func(r numbered, line int) int { return r.line - line })
	if !ok {
		return nil
	}
	begin := 0
	if i > 0 {
		begin = n.rows[i-1].end
	}
	return n.columns[begin:n.rows[i].end]
}

// add keeps a cell; rows and columns come in ascending order, else it is left out.
func (n *numbers) add(line, column int) {
	if last := len(n.rows) - 1; last < 0 || n.rows[last].line != line {
		n.rows = append(n.rows, numbered{line, len(n.columns)})
	} else if n.columns[len(n.columns)-1] >= uint16(column) {
		return
	}
	n.columns = append(n.columns, uint16(column))
	n.rows[len(n.rows)-1].end = len(n.columns)
}

// checkPart reads the XML of a part to its end and returns which cells hold numbers.
func checkPart(part *zip.File) (*numbers, error) {
	in, err := part.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // nothing was written
	d, found := xml.NewDecoder(in), &numbers{}
	line, column, cells := 0, 0, 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "row":
			if line, err = rowNumber(start, line); err != nil {
				return nil, err
			}
			column, cells = 0, 0
		case "c":
			if cells++; cells > maxColumns {
				return nil, fmt.Errorf("row %d has more than %d cells", line, maxColumns)
			}
			number := true
			column++
			for _, a := range start.Attr {
				switch a.Name.Local {
				case "r":
					column = columnNumber(a.Value)
				case "t":
					number = a.Value == "n" || a.Value == ""
				}
			}
			if number && line > 0 && column > 0 && column <= maxColumns {
				found.add(line, column)
			}
		}
	}
}

// rowNumber is the number that a row says, or the one after the row before it.
func rowNumber(row xml.StartElement, before int) (int, error) {
	line := before + 1
	for _, a := range row.Attr {
		if a.Name.Local != "r" {
			continue
		}
		n, err := strconv.ParseUint(a.Value, 10, 63)
		if err != nil && !errors.Is(err, strconv.ErrRange) || err == nil && int(n) <= before {
			return 0, fmt.Errorf("row %q comes after row %d", a.Value, before)
		}
		if err != nil || n > maxRows {
			return 0, fmt.Errorf("row %s comes after row %d: a sheet has at most %d rows", a.Value, before, maxRows)
		}
		line = int(n)
	}
	if line > maxRows {
		return 0, fmt.Errorf("the sheet has more than %d rows", maxRows)
	}
	return line, nil
}

// columnNumber is the number of the column of a cell: 28 of AB7, 0 when it has none.
func columnNumber(cell string) int {
	n := 0
	for i := 0; i < len(cell) && n <= maxColumns; i++ {
		switch c := cell[i]; {
		case c >= 'A' && c <= 'Z':
			n = n*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z':
			n = n*26 + int(c-'a') + 1
		case c != '$':
			return n
		}
	}
	return n
}

// part returns the name of the part that holds a sheet, "" when it cannot be told.
func (w *workbook) part(sheet string) string {
	id := ""
	if w.WorkBook != nil {
		for _, s := range w.WorkBook.Sheets.Sheet {
			if strings.EqualFold(s.Name, sheet) {
				id = s.ID
				break
			}
		}
	}
	var rels struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	in, err := w.parts.Open("xl/_rels/workbook.xml.rels")
	if err != nil || id == "" {
		return ""
	}
	defer in.Close() //nolint:errcheck // nothing was written
	if xml.NewDecoder(in).Decode(&rels) != nil {
		return ""
	}
	for _, r := range rels.Relationship {
		if r.ID == id {
			target := strings.ReplaceAll(r.Target, `\`, "/")
			if strings.HasPrefix(target, "/") {
				return path.Clean(target[1:])
			}
			return path.Join("xl", target)
		}
	}
	return ""
}

// significant is how many digits of a number Excel shows; it writes 17.
const significant = 15

// shown returns a number of a sheet as Excel shows it: 1.1 for 1.1000000000000001, and
// without an exponent where that is readable.
func shown(cell string) string {
	if len(cell) <= significant && !strings.ContainsAny(cell, "eE") || strings.Trim(cell, "+-.0123456789eE") != "" {
		return cell
	}
	n, err := strconv.ParseFloat(cell, 64)
	if err == nil {
		n, err = strconv.ParseFloat(strconv.FormatFloat(n, 'e', significant-1, 64), 64)
	}
	if err != nil {
		return cell
	}
	if size := max(n, -n); size != 0 && (size < 1e-9 || size >= 1e21) {
		return strconv.FormatFloat(n, 'g', -1, 64)
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}
