package storetest

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Store is a store under test. Chunk is the size at which it cuts columns.
type Store struct {
	Create func(dir string) (terminology.TableWriter, error)
	Open   func(dir string) (terminology.Tables, error)
	Chunk  int
}

// Run holds a store to the promises of terminology.TableWriter and Tables.
func Run(t *testing.T, s Store) {
	t.Run("empty release", func(t *testing.T) { Equal(t, s.open(t, Release{}), Release{}) })
	t.Run("whole release", func(t *testing.T) {
		r := Sample(s.Chunk)
		tables := s.open(t, r)
		Equal(t, tables, r)
		missing(t, tables)
		prefixes(t, tables, r)
		owned(t, tables, r)
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() { Equal(t, tables, r) })
		}
		readers.Wait()
	})
	t.Run("keys must ascend", func(t *testing.T) { ascending(t, s) })
}

// open writes a release and opens it.
func (s Store) open(t *testing.T, r Release) terminology.Tables {
	t.Helper()
	dir := t.TempDir()
	w, err := s.Create(dir)
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	if err := r.Write(w); err != nil {
		t.Fatalf("Write: %v", err)
	}
	tables, err := s.Open(dir)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := tables.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return tables
}

// Equal reports where tables differ from a release. It may be called from several
// goroutines.
func Equal(t testing.TB, tables terminology.Tables, r Release) {
	for _, c := range r.Columns {
		if got, err := tables.Column(c.Name); err != nil || !bytes.Equal(got, c.Data) {
			t.Errorf("Column(%s) = %d bytes, %v, want the %d written", c.Name, len(got), err, len(c.Data))
		}
	}
	for _, row := range r.Rows {
		if got, err := tables.Row(row.Table, row.Key); err != nil || !bytes.Equal(got, row.Value) {
			t.Errorf("Row(%q, %q) = %d bytes, %v, want the %d written", row.Table, row.Key, len(got), err, len(row.Value))
		}
	}
	for table := 'A'; table <= 0xff; table++ {
		walk(t, tables, r, byte(table), nil)
	}
}

// walk holds Rows to the rows that were written, in their order.
func walk(t testing.TB, tables terminology.Tables, r Release, table byte, prefix []byte) {
	var want []Row
	for _, row := range r.Rows {
		if row.Table == table && bytes.HasPrefix(row.Key, prefix) {
			want = append(want, row)
		}
	}
	n := 0
	for kv, err := range tables.Rows(table, prefix) {
		if err != nil {
			t.Errorf("Rows(%q, %q): %v", table, prefix, err)
			return
		}
		if n == len(want) || !bytes.Equal(kv.Key, want[n].Key) || !bytes.Equal(kv.Value, want[n].Value) {
			t.Errorf("Rows(%q, %q): row %d has key %q and %d bytes, want another", table, prefix, n, kv.Key, len(kv.Value))
			return
		}
		n++
	}
	if n != len(want) {
		t.Errorf("Rows(%q, %q) ends after %d rows, want %d", table, prefix, n, len(want))
	}
}

func missing(t *testing.T, tables terminology.Tables) {
	for _, name := range []string{"", "nothing", "display", "display.0", "display.002", "code.", "size.0\x00"} {
		if got, err := tables.Column(name); terminology.KindOf(err) != terminology.NotFound {
			t.Errorf("Column(%q) = %d bytes, %v, want kind NotFound", name, len(got), err)
		}
	}
	for table, key := range map[byte]string{'F': "2229800", 'R': "I21.", 'A': "", 'B': "447562003", 'z': "\xff\xff\xff"} {
		if got, err := tables.Row(table, []byte(key)); terminology.KindOf(err) != terminology.NotFound {
			t.Errorf("Row(%q, %q) = %q, %v, want kind NotFound", table, key, got, err)
		}
	}
}

func prefixes(t *testing.T, tables terminology.Tables, r Release) {
	for _, prefix := range []string{"\x00", "22298006", "222980060", "I2", "I21.9", "447562003\x00", "447562003\x0012", "\xff", "\xff\xff\xff", "none"} {
		for _, table := range []byte{'A', 'B', 'F', 'R', 'z', 0xff} {
			walk(t, tables, r, table, []byte(prefix))
		}
	}
	n := 0
	for range tables.Rows('R', nil) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("a walk that is left after 3 rows gave %d", n)
	}
}

// owned changes what a store returned and reads it again.
func owned(t *testing.T, tables terminology.Tables, r Release) {
	for range 2 {
		c := r.Columns[len(r.Columns)-1]
		column, err := tables.Column(c.Name)
		if err != nil || !bytes.Equal(column, c.Data) {
			t.Errorf("Column(%s) is not the caller's to change: %v", c.Name, err)
		}
		clear(column)
		row := r.Rows[len(r.Rows)/2]
		value, err := tables.Row(row.Table, row.Key)
		if err != nil || !bytes.Equal(value, row.Value) {
			t.Errorf("Row(%q, %q) is not the caller's to change: %v", row.Table, row.Key, err)
		}
		clear(value)
	}
}

// ascending puts the second of two keys that must not follow each other.
func ascending(t *testing.T, s Store) {
	column := func(name string) func(terminology.TableWriter) error {
		return func(w terminology.TableWriter) error { return w.PutColumn(name, []byte("x")) }
	}
	row := func(table byte, key string) func(terminology.TableWriter) error {
		return func(w terminology.TableWriter) error { return w.PutRow(table, []byte(key), []byte("x")) }
	}
	tests := []struct {
		name          string
		first, second func(terminology.TableWriter) error
	}{
		{"a column twice", column("meta"), column("meta")},
		{"columns out of order", column("term.bytes"), column("code.bytes")},
		{"a column after a row", row('F', "I21.9"), column("meta")},
		{"a row twice", row('F', "I21.9"), row('F', "I21.9")},
		{"rows out of order", row('F', "I21.9"), row('F', "I21")},
		{"tables out of order", row('R', "a"), row('F', "b")},
		{"a table that is not a letter", row('A', ""), row(0x01, "meta")},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprint(i, " ", tt.name), func(t *testing.T) {
			w, err := s.Create(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = w.Close() }()
			if err := tt.first(w); err != nil {
				t.Fatalf("first: %v", err)
			}
			if err := tt.second(w); err == nil {
				t.Error("the second is accepted")
			}
		})
	}
}
