package icd11

import (
	"path"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// MapTable is a kind of WHO's tables between ICD-10 and ICD-11.
type MapTable uint8

// The tables.
const (
	ToOne        MapTable = iota // 10To11MapToOneCategory: the one code or cluster that fits best
	ToMultiple                   // 10To11MapToMultipleCategories: all codes that are needed for the whole
	FromOne                      // 11To10MapToOneCategory
	ToFoundation                 // foundation_10To11MapToOneCategory: entities of the foundation, and how they relate
)

const (
	icd10System      = "http://hl7.org/fhir/sid/icd-10"
	foundationSystem = "http://id.who.int/icd/entity"
)

// tables is the identity of the maps.
var tables = [...]struct{ name, url, title, source, target string }{
	ToOne: {"map-icd-10-icd-11-one", "urn:kodeks:map:icd-10:icd-11:one", "ICD-10 to ICD-11 MMS, one category (WHO)", icd10System, System},
	ToMultiple: {"map-icd-10-icd-11-multiple", "urn:kodeks:map:icd-10:icd-11:multiple", "ICD-10 to ICD-11 MMS, multiple categories (WHO)",
		icd10System, System},
	FromOne:      {"map-icd-11-icd-10-one", "urn:kodeks:map:icd-11:icd-10:one", "ICD-11 MMS to ICD-10, one category (WHO)", System, icd10System},
	ToFoundation: {"map-icd-10-icd-11-foundation", "urn:kodeks:map:icd-10:icd-11:foundation", "ICD-10 to the ICD-11 foundation (WHO)", icd10System, foundationSystem},
}

// mapColumn is what a column of a map says.
type mapColumn uint8

// The columns of maps.
const (
	otherColumn mapColumn = iota
	code10
	title10
	code11
	title11
	mapFoundation
	mapLinearization
	relation
	distance
	mapColumns // how many there are
)

// mapColumnNames are the columns as folded names: their spelling differs between tables and
// years ("ICD-11 FoundationURI", "ICD-11 Foundation URI").
var mapColumnNames = map[string]mapColumn{
	"icd10code": code10, "icd10title": title10, "icd11code": code11, "icd11title": title11,
	"icd11foundationuri": mapFoundation, "foundationuri": mapFoundation, "linearizationreleaseuri": mapLinearization, "linearizationuri": mapLinearization,
	"relation": relation, "statementdistance": distance,
}

func foldColumn(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -_()", r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// mapLayout is which columns a table has where.
type mapLayout struct {
	table   MapTable
	columns []mapColumn // by place
	width   int         // of the header
	version string      // that the stamp in the header tells, or ""
}

// mapLayoutOf returns the layout of a header; false when it is of no map that we know.
func mapLayoutOf(header []string) (mapLayout, bool) {
	l := mapLayout{width: len(header)}
	var at [mapColumns]int // place from 1
	for i, name := range header {
		column := mapColumnNames[foldColumn(name)]
		if column != otherColumn && at[column] == 0 {
			at[column] = i + 1
		} else if version, ok := mapStamp(name); ok {
			l.version = version
		}
		l.columns = append(l.columns, column)
	}
	switch {
	case at[code10] == 0 || at[title10] == 0 || at[title11] == 0:
		return l, false
	case at[code11] == 0:
		l.table = ToFoundation
		if at[relation] == 0 { // they are below the stamp and right of it, without a name
			l.columns = append(l.columns[:l.width-1], relation, distance)
		}
		return l, at[mapFoundation] > 0
	case at[code11] < at[code10]:
		l.table = FromOne
	}
	return l, at[mapLinearization] > 0
}

// mapStamp returns the version of a stamp in the header of a map: 2024-Jan-21 is 2024-01.
func mapStamp(name string) (string, bool) {
	return stampVersion(stampPrefix + strings.ReplaceAll(strings.TrimSpace(name), "-", " "))
}

// MatchMap reports whether the head of a file is that of one of WHO's maps between ICD-10
// and ICD-11.
func MatchMap(h tabular.Head) bool {
	_, ok := mapLayoutOf(h.Columns)
	return ok && !h.Format.JSON
}

// sampled is how many rows are looked at to tell what a file is.
const sampled = 256

// isMultiple tells the map to multiple categories from that to one, whose columns are the
// same: it has a source several times, or says so by its name.
func isMultiple(file terminology.SourceFile, rows [][mapColumns]string) bool {
	seen := map[string]bool{}
	for _, r := range rows {
		if seen[r[code10]] {
			return true
		}
		seen[r[code10]] = true
	}
	return strings.Contains(strings.ToLower(path.Base(file.Name)), "multiple")
}
