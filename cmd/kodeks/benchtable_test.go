package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// benchTable is what a run has measured, as a Markdown table with the notes above
// it. Each row is shown as soon as it is there: a run is long.
type benchTable struct {
	show  io.Writer
	notes []string
	rows  []benchRow
}

// benchRow is one figure and its budget. A latency has its median as the figure.
type benchRow struct {
	what, figure, p99, max, allocs, bytes, budget string

	missed bool
}

// cells returns the row as it is printed.
func (r benchRow) cells() []string {
	mark := ""
	switch {
	case r.missed:
		mark = "**missed**"
	case r.budget != "":
		mark = "met"
	}
	return []string{r.what, r.figure, r.p99, r.max, r.allocs, r.bytes, r.budget, mark}
}

// note adds a line above the table.
func (t *benchTable) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
	fmt.Fprintln(t.show, t.notes[len(t.notes)-1])
}

// add adds a row.
func (t *benchTable) add(r benchRow) {
	t.rows = append(t.rows, r)
	fmt.Fprintln(t.show, strings.Join(r.cells(), " | "))
}

// String returns the notes and the table.
func (t *benchTable) String() string {
	lines := [][]string{{"What", "Figure (p50)", "p99", "Max", "Allocs/call", "Bytes/call", "Budget", ""}}
	for _, r := range t.rows {
		lines = append(lines, r.cells())
	}
	var b strings.Builder
	for _, n := range t.notes {
		fmt.Fprintf(&b, "%s  \n", n)
	}
	b.WriteByte('\n')
	writeMarkdown(&b, lines)
	return b.String()
}

// writeMarkdown writes lines as a table, the first as its head.
func writeMarkdown(b *strings.Builder, lines [][]string) {
	width := make([]int, len(lines[0]))
	for _, cells := range lines {
		for i, c := range cells {
			width[i] = max(width[i], utf8.RuneCountInString(c), 3)
		}
	}
	rule := make([]string, len(width))
	for i, w := range width {
		rule[i] = strings.Repeat("-", w)
	}
	for _, cells := range slices.Insert(lines, 1, rule) {
		b.WriteByte('|')
		for i, c := range cells {
			fmt.Fprintf(b, " %s%s |", c, strings.Repeat(" ", width[i]-utf8.RuneCountInString(c)))
		}
		b.WriteByte('\n')
	}
}

// short writes a duration in three digits or so.
func short(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", d.Seconds()*1e6)
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", d.Seconds()*1e3)
	case d < time.Minute:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// machine tells what the figures were measured on.
func machine() string {
	memory := ""
	if kib, ok := procField("/proc/meminfo", "MemTotal"); ok {
		memory = fmt.Sprintf(", %s memory", size(kib<<10))
	}
	return fmt.Sprintf("%d cores%s, %s, %s/%s, load average %s", runtime.NumCPU(), memory, runtime.Version(), runtime.GOOS, runtime.GOARCH, loadAverage())
}

// loadAverage is how busy the machine is; other work on it spoils the figures.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(text)); err == nil && len(fields) > 1 {
		return fields[0] + " " + fields[1]
	}
	return "unknown"
}

// procField reads a field of a file of /proc that is a number of KiB. It reports
// false on systems without.
func procField(file, name string) (kib int64, ok bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, name+":"); found {
			_, err := fmt.Sscan(rest, &kib)
			return kib, err == nil
		}
	}
	return 0, false
}
