package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/terminology"
)

// Mapping says which code system a table holds and what its columns mean.
type Mapping struct {
	System  System  `yaml:"system"`  // the only one
	Systems Systems `yaml:"systems"` // or several
	File    File    `yaml:"file"`
	Columns Columns `yaml:"columns"`
	Map     Map     `yaml:"map"` // in the place of systems and Columns: the table is a map
	Rules   Rules   `yaml:"-"`

	name string // of the YAML file, for messages
}

// System is the identity of a code system, and of the release that the table is.
type System struct {
	Value      Names             `yaml:"value"` // of the column that tells systems apart
	URI        string            `yaml:"uri"`
	Name       string            `yaml:"name"`
	Title      string            `yaml:"title"`
	Short      []string          `yaml:"short"`
	Aliases    []string          `yaml:"aliases"`
	Version    string            `yaml:"version"`
	Language   string            `yaml:"language"`
	CaseSens   bool              `yaml:"case-sensitive"`
	Properties map[string]string `yaml:"properties"` // of every code
	Date       string            `yaml:"-"`          // of the release; "": Version
	Inactive   bool              `yaml:"-"`          // no code is for new use
	Ordered    bool              `yaml:"-"`          // rows without a sort order are in order
	Rules      *Rules            `yaml:"-"`          // in the place of those of the Mapping
}

// Systems are the code systems of a table that holds several.
type Systems struct {
	Column Names    `yaml:"column"`
	List   []System `yaml:"list"`
}

// File is how the file is written; what is empty is found out.
type File struct {
	Sheet     string `yaml:"sheet"`
	Delimiter string `yaml:"delimiter"`
	Encoding  string `yaml:"encoding"`
	Decimal   string `yaml:"decimal"`
	Dates     Names  `yaml:"dates"`
}

// Names is one name of a column, or the names that it has in different files, the
// first that is there being taken.
type Names []string

// Columns are what the columns mean. Those without names are not there.
type Columns struct {
	Axis         Names         `yaml:"axis"` // becomes part of the code: axis:code
	Code         Names         `yaml:"code"`
	Display      Names         `yaml:"display"`
	Designations []Designation `yaml:"designations"`
	Parent       Parent        `yaml:"parent"`
	Properties   []Property    `yaml:"properties"`
	ValidFrom    Names         `yaml:"valid-from"`
	ValidTo      Names         `yaml:"valid-to"`
	Status       Flag          `yaml:"status"`
	Abstract     Flag          `yaml:"abstract"`
	ReplacedBy   Names         `yaml:"replaced-by"`
	SortOrder    Names         `yaml:"sort-order"`
	Ignore       Names         `yaml:"ignore"`
}

// Designation is a column of terms.
type Designation struct {
	Column    Names  `yaml:"column"`
	Language  string `yaml:"language"` // "": that of the system
	Use       string `yaml:"use"`      // display, short, synonym (also "") or definition
	Separator string `yaml:"separator"`
}

// Parent is how the code above a code is found: by one of Code, Row and Prefix.
type Parent struct {
	Code    Names  `yaml:"code"`
	Row     Names  `yaml:"row"`
	ID      Names  `yaml:"id"`
	Prefix  []int  `yaml:"prefix"`  // lengths in characters, ascending
	Missing string `yaml:"missing"` // "error" (also "") or "keep"
}

// Property is a column of property values.
type Property struct {
	Column    Names  `yaml:"column"`
	Name      string `yaml:"name"` // "": that of the column
	Type      string `yaml:"type"` // "": string
	Separator string `yaml:"separator"`
}

// Flag is a column that says yes or no: yes by one of its values, or, without
// values, by a word such as ja.
type Flag struct {
	Column Names `yaml:"column"`
	Values Names `yaml:"values"`
}

// Rules are what Go says of the codes of a system and YAML cannot. Each may be nil.
type Rules struct {
	// Code returns the canonical form of a code as files write it, with its axis and a
	// colon before it when they have axes. The error says what is wrong with it.
	Code func(cell string) (string, error)
	// Above returns the code that stands above by the form of a code, whether the file
	// has it or not; "" for none.
	Above func(code string) string
	// Group returns the term of a code above others that the file lacks, which is then
	// added, not for recording; "" when it is not to be. First and last are the codes
	// below it.
	Group func(code, first, last string) string
	// Abstract reports whether a code is not for recording, such as a chapter.
	Abstract func(code string) bool
	// Doubt says what may be wrong with a code that is taken nonetheless; "" for nothing.
	Doubt func(code string) string
	// Row says what else a row tells, by its code.
	Row func(code string) []terminology.Property
	// Holds reports whether a code is of the system, in files of several systems that
	// no column tells apart.
	Holds func(code string) bool
}

// uses and kinds are the words of a mapping and what they mean.
var (
	uses  = []string{terminology.UseDisplay, terminology.UseShort, terminology.UseSynonym, terminology.UseDefinition}
	kinds = map[string]terminology.ValueKind{"": terminology.ValueString, "string": terminology.ValueString, "integer": terminology.ValueInteger,
		"decimal": terminology.ValueDecimal, "boolean": terminology.ValueBoolean, "date": terminology.ValueDateTime, "code": terminology.ValueCode}
)

// List returns the code systems of the mapping.
func (m *Mapping) List() []*System {
	if len(m.Systems.List) == 0 {
		return []*System{&m.System}
	}
	list := make([]*System, len(m.Systems.List))
	for i := range m.Systems.List {
		list[i] = &m.Systems.List[i]
	}
	return list
}

// Check returns the first fault of the mapping, with the key that it is about. What
// the list of code systems knows is to be filled in before.
func (m *Mapping) Check() error {
	if m.IsMap() {
		return m.checkMap()
	}
	if len(m.Systems.List) > 0 {
		switch {
		case m.System.URI != "" || m.System.Name != "":
			return m.fault("systems", "there is a system too: give one of them")
		case len(m.Systems.Column) == 0:
			return m.fault("systems.column", "want the column that tells which system a row is of")
		}
	}
	for i, s := range m.List() {
		key := "system"
		if len(m.Systems.List) > 0 {
			key = fmt.Sprintf("systems.list[%d]", i)
			if len(s.Value) == 0 {
				return m.fault(key+".value", "want what the column %q says of its rows", m.Systems.Column[0])
			}
		}
		if err := m.checkSystem(key, s); err != nil {
			return err
		}
	}
	if err := m.checkFile(); err != nil {
		return err
	}
	return m.checkColumns()
}

func (m *Mapping) fault(key, format string, args ...any) error {
	return &terminology.Error{Op: "table.Mapping", Kind: terminology.Invalid,
		Err: &terminology.RowError{File: m.name, Column: key, Err: fmt.Errorf(format, args...)}}
}

func (m *Mapping) checkSystem(key string, s *System) error {
	switch {
	case s.URI == "":
		return m.fault(key+".uri", "want the URI of the code system, such as urn:oid:2.16.578.1.12.4.1.1.9999")
	case strings.ContainsAny(s.URI, " \t\n|#") || !strings.Contains(s.URI, ":"):
		return m.fault(key+".uri", "%q is not a URI", s.URI)
	case s.Name == "" || s.Name[0] == '.' || strings.IndexFunc(s.Name, notInName) >= 0:
		return m.fault(key+".name", "%q: want small letters, digits, '.' and '-', such as lokal-prosedyre", s.Name)
	case s.Version != "" && (s.Version[0] == '.' || strings.IndexFunc(s.Version, notInVersion) >= 0):
		return m.fault(key+".version", "%q: want letters, digits, '.', '-' and '_', such as 2026", s.Version)
	case slices.Contains(s.Aliases, "") || slices.Contains(s.Short, ""):
		return m.fault(key, "one of its names is empty")
	}
	return nil
}

func notInName(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r == '.' || r == '-')
}

func notInVersion(r rune) bool {
	return notInName(r) && !(r >= 'A' && r <= 'Z' || r == '_')
}

func (m *Mapping) checkFile() error {
	f := &m.File
	switch {
	case f.Delimiter != "" && f.Delimiter != "tab" && (len(f.Delimiter) != 1 || strings.ContainsAny(f.Delimiter, "\"\r\n")):
		return m.fault("file.delimiter", "%q: want one character, or tab", f.Delimiter)
	case f.Encoding != "" && !known(encodings, strings.ToLower(f.Encoding)):
		return m.fault("file.encoding", "%q: want utf-8, windows-1252, iso-8859-1 or utf-16", f.Encoding)
	case f.Decimal != "" && f.Decimal != "," && f.Decimal != ".":
		return m.fault("file.decimal", `%q: want "," or "."`, f.Decimal)
	}
	for _, d := range f.Dates {
		if _, ok := dateForms[d]; !ok {
			return m.fault("file.dates", "%q: want one of %s", d, strings.Join(dateNames, ", "))
		}
	}
	return nil
}

func (m *Mapping) checkColumns() error {
	c := &m.Columns
	switch {
	case len(c.Code) == 0:
		return m.fault("columns.code", "want the column of the codes")
	case len(c.Display) == 0:
		return m.fault("columns.display", "want the column of the terms")
	}
	for i, d := range c.Designations {
		key := fmt.Sprintf("columns.designations[%d]", i)
		switch {
		case len(d.Column) == 0:
			return m.fault(key+".column", "want the name of a column")
		case d.Use != "" && !slices.Contains(uses, d.Use):
			return m.fault(key+".use", "%q: want one of %s", d.Use, strings.Join(uses, ", "))
		}
	}
	for i, p := range c.Properties {
		key := fmt.Sprintf("columns.properties[%d]", i)
		if len(p.Column) == 0 {
			return m.fault(key+".column", "want the name of a column")
		}
		if _, ok := kinds[p.Type]; !ok {
			return m.fault(key+".type", "%q: want string, integer, decimal, boolean, date or code", p.Type)
		}
	}
	for _, f := range []struct {
		key string
		Flag
	}{{"status", c.Status}, {"abstract", c.Abstract}} {
		if len(f.Column) == 0 && len(f.Values) > 0 {
			return m.fault("columns."+f.key+".column", "want the name of a column")
		}
	}
	if len(c.Status.Column) > 0 && len(c.Status.Values) == 0 {
		return m.fault("columns.status.values", "want the values that mean inactive")
	}
	return m.checkParent(c.Parent)
}

func (m *Mapping) checkParent(p Parent) error {
	ways := 0
	for _, there := range []bool{len(p.Code) > 0, len(p.Row) > 0, len(p.Prefix) > 0} {
		if there {
			ways++
		}
	}
	switch {
	case ways > 1:
		return m.fault("columns.parent", "want one of code, row and prefix, found %d of them", ways)
	case len(p.Row) > 0 && len(p.ID) == 0:
		return m.fault("columns.parent.id", "want the column that numbers the rows")
	case p.Missing != "" && p.Missing != "error" && p.Missing != "keep":
		return m.fault("columns.parent.missing", "%q: want error or keep", p.Missing)
	}
	for i, n := range p.Prefix {
		if n < 1 || i > 0 && n <= p.Prefix[i-1] {
			return m.fault("columns.parent.prefix", "want ascending numbers of characters, such as [1, 3, 5]")
		}
	}
	return nil
}

func known[V any](m map[string]V, key string) bool {
	_, ok := m[key]
	return ok
}

var errNoMapping = errors.New("the mapping is empty: want system and columns, or map")
