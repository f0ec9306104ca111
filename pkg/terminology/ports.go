package terminology

import (
	"context"
	"io"
	"iter"

	"github.com/RoaringBitmap/roaring/v2"
)

// Source reads one release from the files of its publisher.
type Source interface {
	// Release returns what is known of the release before it is read: Name,
	// System and Title always, the rest as far as the files tell.
	Release() Release
	// Files returns the files that Read will read.
	Files() []SourceFile
	// Read says everything that the files hold to the sink, concepts before what
	// refers to them. A bad row goes to Sink.Bad and reading goes on; the error
	// that Sink.Bad returns ends it. It returns the release as the files tell it.
	Read(ctx context.Context, to Sink) (Release, error)
}

// SourceOptions say what the files of a release do not.
type SourceOptions struct {
	// Version is the version and date of a release whose files carry none, such as
	// 2026 or 2026-11-22.
	Version string
	// Today is the day of the import, yyyy-mm-dd. A code whose validity ended before
	// it is inactive; when it is empty, no code is.
	Today string
	// Asked is the preferred URI of the code system that the user says the files are,
	// or empty. They are then taken by their columns also where their codes could be
	// those of another system.
	Asked string
}

// SourceFile is one file of a source.
type SourceFile struct {
	Name string // path inside its package
	Size int64  // bytes, uncompressed
	Open func() (io.ReadCloser, error)
}

// Sink takes what a source reads. Strings passed to it are valid only during the
// call; it copies what it keeps. An error of kind Invalid is about the record
// itself (a code given twice, a reference to no concept): the source passes it to
// Bad with file and line.
type Sink interface {
	Concept(Concept) error
	Designation(Designation) error
	Acceptable(Acceptability) error
	// Parent says that parent is a direct broader concept of child.
	Parent(child, parent string) error
	Property(Property) error
	// Table declares the columns of a table of rows, before its first row.
	Table(name string, columns []string) error
	Row(Row) error
	Map(MapInfo) error
	Mapping(Mapping) error
	// Bad keeps a bad row. It returns an error when there are so many that reading
	// on is of no use.
	Bad(*RowError) error
	// Repaired tells of a row that is said otherwise than it is written, or left out for
	// another, and why; the release is published with it. Line 0 is the whole file.
	Repaired(*RowError)
	// Read reports that n more bytes of a file have been read.
	Read(file string, n int)
	// Count reports rows of a file, for the manifest.
	Count(file string, rows int)
}

// Tables is the stored data of one release: columns that are read whole when it
// is opened, and rows that are read by key. It is safe for concurrent use, and
// what it returns belongs to the caller.
type Tables interface {
	// Column returns a whole column; the error is NotFound when there is none.
	Column(name string) ([]byte, error)
	// Row returns the value under a key of a table; NotFound when there is none.
	Row(table byte, key []byte) ([]byte, error)
	// Rows walks the keys of a table that begin with prefix, in byte order. Key
	// and value are valid until the next step.
	Rows(table byte, prefix []byte) iter.Seq2[KeyValue, error]
	Close() error
}

// KeyValue is one stored row.
type KeyValue struct{ Key, Value []byte }

// TableWriter writes the data of one release: first all columns in ascending
// order of their names, then rows in ascending order of table and key. Close
// makes them durable; a writer that is not closed has written nothing of use.
type TableWriter interface {
	PutColumn(name string, data []byte) error
	PutRow(table byte, key, value []byte) error
	Close() error
}

// CodeSystem answers for one release of one code system. It is safe for
// concurrent use. Slices and bitmaps that it returns are shared and must not be
// changed; strings stay valid until the release is closed.
type CodeSystem interface {
	Release() Release
	// Len returns the number of concepts, active or not.
	Len() int
	// Find returns the concept of a code in any form that the code system accepts.
	Find(code string) (Ordinal, bool)
	// Code returns the code of a concept in the form of its publisher.
	Code(Ordinal) string
	Info(Ordinal) ConceptInfo
	// Tag returns the semantic tag of a concept (SNOMED CT), or "".
	Tag(Ordinal) string
	// Columns lists the display columns: one a language or language reference set.
	Columns() []DisplayColumn
	// Preferred returns the preferred term of a display column.
	Preferred(o Ordinal, column int) (term string, ok bool)
	// Display returns a term for a concept whatever the language; it is never
	// empty when the concept has any designation.
	Display(Ordinal) string
	// Show fills into with what a list shows of concepts, in their order. Columns are
	// display columns in order of preference; anyTerm tells to take any other term where
	// they have none. It does not allocate.
	Show(ordinals []Ordinal, columns []int, anyTerm bool, into []Shown)
	// Designations walks all designations of a concept, inactive ones too.
	Designations(Ordinal) iter.Seq[DesignationInfo]
	// Properties walks the properties and attributes of a concept.
	Properties(Ordinal) iter.Seq[PropertyInfo]
	Parents(Ordinal) []Ordinal
	Children(Ordinal) []Ordinal
	// Ancestors returns all ancestors in ascending order, without the concept.
	Ancestors(Ordinal) []Ordinal
	// Subsumes reports whether a is b or an ancestor of b. It does not allocate.
	Subsumes(a, b Ordinal) bool
	// Descendants returns all descendants, without the concept.
	Descendants(Ordinal) *roaring.Bitmap
	// Active returns the concepts that are not inactive.
	Active() *roaring.Bitmap
	// Members returns the concepts that are active members of a reference set;
	// false when there is no such set.
	Members(refset string) (*roaring.Bitmap, bool)
	// Refsets returns the concepts that name a reference set with rows.
	Refsets() *roaring.Bitmap
	TextTerms
}

// Layered is a code system that lies over another one, and adds to what it tells of the
// same concepts.
type Layered interface {
	// Base returns the code system below.
	Base() CodeSystem
}

// As returns a code system as T, which is what not all of them are, such as Constrained:
// itself or, where it lies over another one, that one; false when neither is a T.
func As[T any](cs CodeSystem) (T, bool) {
	for {
		if t, ok := cs.(T); ok {
			return t, true
		}
		layer, ok := cs.(Layered)
		if !ok {
			var none T
			return none, false
		}
		cs = layer.Base()
	}
}

// Dated is a code system whose concepts may tell the days on which they are valid.
type Dated interface {
	// On returns the concepts that are valid on a day, and those that are not yet, as
	// ConceptInfo.On tells. The sets are the caller's.
	On(day Date) (valid, notYet *roaring.Bitmap)
}

// PropertyNamer is a code system that knows the names of its properties.
type PropertyNamer interface {
	// HasProperty reports whether the code system declares a property, or one of its
	// concepts has it.
	HasProperty(code string) bool
}

// PropertyIndexed is a code system that finds concepts by the values of their properties
// without looking at every concept. What it returns is shared and must not be changed.
type PropertyIndexed interface {
	// PropertyValues walks the values of a property, each with the concepts that have it;
	// with like, only the values that are equal to it but for case. A value may come
	// more than once.
	PropertyValues(code, like string) iter.Seq2[string, []Ordinal]
	// PropertyConcepts returns the concepts that have a property, whatever its value. Where
	// concepts have no property of that name, parent stands for the concepts that have
	// a parent, and child for those that have a child.
	PropertyConcepts(code string) *roaring.Bitmap
}

// Constrained is a code system with a language of its own to select concepts (SNOMED
// CT: the Expression Constraint Language). Errors are Invalid for a text that is no
// constraint, TooCostly for one that would take too much, and never part of an answer.
type Constrained interface {
	// Select returns the concepts that a constraint selects. They must not be changed.
	Select(ctx context.Context, constraint string) (*roaring.Bitmap, error)
	// Selects reports whether a constraint selects one concept, without making the set.
	Selects(ctx context.Context, constraint string, o Ordinal) (bool, error)
}

// Composable is a code system in which an expression of several codes may stand in the
// place of a code (SNOMED CT: the Compositional Grammar).
type Composable interface {
	// Compose reads an expression. The error is Invalid for a text that is none, and
	// NotFound, with the code, when the release lacks one of its concepts.
	Compose(text string) (Composed, error)
}

// Composed is an expression in the place of a code, as one release understands it.
type Composed interface {
	// Code returns the expression in its canonical form.
	Code() string
	// Display returns the expression with the term of each concept.
	Display(term func(Ordinal) string) string
	// Subsumes reports whether the expression is a concept or more general than it.
	Subsumes(Ordinal) bool
	// IsA reports whether the expression is a concept or more special than it.
	IsA(Ordinal) bool
	// SubsumesComposed reports whether the expression is another one, or more general.
	SubsumesComposed(Composed) bool
	// Parents returns the most special concepts that the expression is more special than.
	Parents() []Ordinal
	// Selected reports whether a constraint would select the expression.
	Selected(ctx context.Context, constraint string) (bool, error)
	// Attributes walks what the expression says of itself, by group; a value that is an
	// expression is in its canonical form.
	Attributes() iter.Seq[PropertyInfo]
	// Remarks tells what about the expression is to be reviewed, such as concepts that
	// are inactive, a sentence each.
	Remarks() []string
}

// MapReader reads the maps of one release.
type MapReader interface {
	Maps() []MapInfo
	// Forward returns the rows of a source code in order; none is no error.
	Forward(mapID, source string) ([]Mapping, error)
	// Reverse returns the rows that lead to a target code; none is no error.
	Reverse(mapID, target string) ([]Mapping, error)
	// ReversePrefix returns the rows that lead to a target code that begins with a
	// prefix. The error is TooCostly when there are more than most.
	ReversePrefix(mapID, prefix string, most int) ([]Mapping, error)
}

// ConceptInfo is what a concept says of itself.
type ConceptInfo struct {
	Inactive  bool
	Abstract  bool
	Defined   bool
	Effective Date
	Module    string
	From, To  Date // first and last day on which it is valid; 0 is open
}

// Shown is what a list shows of a concept.
type Shown struct {
	Code, Display      string
	Column             int // the display column that Display stands in; -1: none
	Inactive, Abstract bool
}

// DisplayColumn is a column of preferred terms.
type DisplayColumn struct {
	Language string `json:"language"`         // BCP-47, such as "nb" or "en-US"
	Refset   string `json:"refset,omitempty"` // the language reference set it is made of
	Count    int    `json:"count"`            // concepts with a term
}

// DesignationInfo is a stored designation.
type DesignationInfo struct {
	ID        uint64
	Language  string // as the source wrote it
	Use       string
	Term      string
	Inactive  bool
	CaseSig   CaseSignificance
	Effective Date
	Module    string
	accept    uint64
}

// WithAcceptability returns d with its acceptability in display columns: two bits
// a column, 1 acceptable, 2 preferred.
func (d DesignationInfo) WithAcceptability(bits uint64) DesignationInfo {
	d.accept = bits
	return d
}

// Preferred reports whether the designation is preferred in a display column.
func (d DesignationInfo) Preferred(column int) bool { return d.accept>>(2*column)&3 == 2 }

// Acceptable reports whether the designation is acceptable, not preferred, in a
// display column.
func (d DesignationInfo) Acceptable(column int) bool { return d.accept>>(2*column)&3 == 1 }

// PropertyInfo is a stored property value. For a ValueCode, Target is the ordinal
// of the concept that Value names, and NoOrdinal when it names none here.
type PropertyInfo struct {
	Code   string
	Group  uint16
	Kind   ValueKind
	Value  string
	Target Ordinal
}
