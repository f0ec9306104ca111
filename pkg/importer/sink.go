package importer

import (
	"errors"
	"fmt"

	"github.com/kodeks/kodeks/pkg/codesystem/basic"
	"github.com/kodeks/kodeks/pkg/codesystem/resource"
	"github.com/kodeks/kodeks/pkg/conceptmap"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// MaxRowErrors is how many bad rows one import names.
const MaxRowErrors = 20

// sink takes what a source says: concepts and what belongs to them, maps, bad rows
// and progress. It implements terminology.Sink.
type sink struct {
	*basic.Builder
	maps conceptmap.Builder
	kept resource.Builder
	bad  []error
	// repairs are the first of the repaired rows, of which there are repaired, and what
	// is said of whole files.
	repairs  []string
	repaired int
	rows     map[string]int
	report   *reporter
}

// Map declares a map.
func (s *sink) Map(info terminology.MapInfo) error { return s.maps.Map(info) }

// Mapping adds a row of a map.
func (s *sink) Mapping(m terminology.Mapping) error { return s.maps.Mapping(m) }

// Resource keeps a FHIR resource.
func (s *sink) Resource(info terminology.ResourceInfo, raw []byte) error {
	return s.kept.Resource(info, raw)
}

// errTooMany ends the reading of a source.
var errTooMany = errors.New("too many bad rows")

// Bad keeps a bad row; the error ends the reading when there are MaxRowErrors.
func (s *sink) Bad(e *terminology.RowError) error {
	s.bad = append(s.bad, e)
	s.report.now.BadRows = len(s.bad)
	if len(s.bad) >= MaxRowErrors {
		return errTooMany
	}
	return nil
}

// Repaired counts a repaired row, and keeps what is said of the first ones.
func (s *sink) Repaired(e *terminology.RowError) {
	if e.Line > 0 {
		s.repaired++
	}
	if len(s.repairs) < MaxRowErrors {
		s.repairs = append(s.repairs, terminology.Message(e))
	}
}

// Read counts bytes.
func (s *sink) Read(file string, n int) { s.report.read(file, n) }

// Count counts rows.
func (s *sink) Count(file string, rows int) {
	s.rows[file] += rows
	s.report.count(rows)
}

// err returns the error of a source that was read to its end or gave up: bad rows
// come first, since they are the cause.
func (s *sink) err(name string, err error) error {
	const op = "importer.Run"
	if len(s.bad) == 0 {
		return err
	}
	rows := "1 bad row"
	if n := len(s.bad); n > 1 {
		rows = fmt.Sprintf("%d bad rows", n)
	}
	if len(s.bad) >= MaxRowErrors {
		rows = fmt.Sprintf("the first %d bad rows", len(s.bad))
	}
	joined := append([]error{fmt.Errorf("%s of %s; nothing was imported", rows, name)}, s.bad...)
	if err != nil && !errors.Is(err, errTooMany) {
		joined = append(joined, err)
	}
	return &terminology.Error{Op: op, Kind: terminology.Invalid, Err: errors.Join(joined...)}
}
