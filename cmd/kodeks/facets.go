package main

import (
	"bufio"
	"strconv"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
)

// shownValues is how many values of a facet stand on a screen.
const shownValues = 10

// addFacets adds what was counted to the answer of a search.
func addFacets(ans *answer, facets []*kodeksv1.SearchFacet) {
	hits, note := ans.table, ans.note
	ans.page = func(w *bufio.Writer, s screen) {
		hits.write(w, s)
		w.WriteString(s.set(dim, note) + "\n")
		writeFacets(w, s, facets)
	}
	// In tsv all rows have the same cells.
	ans.table.columns = append(ans.table.columns[:len(ans.table.columns):len(ans.table.columns)], column{name: "facet"}, column{name: "value"}, column{name: "count"})
	ans.table.rows = make([][]string, len(hits.rows), len(hits.rows)+shownValues)
	for i, row := range hits.rows {
		ans.table.rows[i] = append(row[:len(row):len(row)], "", "", "")
	}
	for _, f := range facets {
		for _, v := range f.GetValues() {
			row := make([]string, len(ans.table.columns))
			row[displayColumn] = v.GetDisplay()
			last := row[len(hits.columns):]
			last[0], last[1], last[2] = f.GetName(), v.GetValue(), strconv.Itoa(int(v.GetCount()))
			ans.table.add(row...)
		}
	}
}

// writeFacets writes what was counted for people.
func writeFacets(w *bufio.Writer, s screen, facets []*kodeksv1.SearchFacet) {
	t := table{columns: []column{{name: "counts_by"}, {name: "value", style: strong}, {name: "display", show: filled, flex: true}, {name: "concepts", right: true}}}
	left, exact := 0, true
	for _, f := range facets {
		exact = exact && f.GetExact()
		values := f.GetValues()
		shown := values[:min(len(values), shownValues)]
		left += len(values) - len(shown)
		for i, v := range shown {
			name := ""
			if i == 0 {
				name = f.GetName()
			}
			value := v.GetValue()
			if short := shortName(value); f.GetName() == "system" && short != "" {
				value = short
			}
			t.add(name, value, v.GetDisplay(), strconv.Itoa(int(v.GetCount())))
		}
	}
	if len(t.rows) == 0 {
		return
	}
	w.WriteByte('\n')
	t.write(w, s)
	if left > 0 {
		w.WriteString(s.set(dim, "and "+count(left)+" more values, which --format tsv shows") + "\n")
	}
	if !exact {
		w.WriteString(s.set(dim, "There may be more concepts than these counts say.") + "\n")
	}
}
