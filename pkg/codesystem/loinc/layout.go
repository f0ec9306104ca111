package loinc

import (
	"slices"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
)

// table is one of the tables of a release, in the order in which they are read: what
// others name comes first.
type table uint8

const (
	none      table = iota
	parts           // Part.csv
	answers         // AnswerList.csv
	terms           // Loinc.csv
	hierarchy       // ComponentHierarchyBySystem.csv
	partLinks       // LoincPartLink_Primary.csv, LoincPartLink_Supplementary.csv
	listLinks       // LoincAnswerListLink.csv
	variant         // of a language, such as deDE15LinguisticVariant.csv
)

// layouts are the columns by which each table is known.
var layouts = [...][]string{
	parts:     {"PartNumber", "PartTypeName", "PartName", "PartDisplayName"},
	answers:   {"AnswerListId", "AnswerListName", "AnswerStringId", "DisplayText"},
	terms:     {"LOINC_NUM", "COMPONENT", "STATUS", "LONG_COMMON_NAME", "RELATEDNAMES2"}, // the last is not in LoincTableCore.csv, an extract
	hierarchy: {"PATH_TO_ROOT", "IMMEDIATE_PARENT", "CODE", "CODE_TEXT"},
	partLinks: {"LoincNumber", "PartNumber", "LinkTypeName"},
	listLinks: {"LoincNumber", "AnswerListId", "AnswerListLinkType"},
	variant:   {"LOINC_NUM", "COMPONENT", "LONG_COMMON_NAME", "LinguisticVariantDisplayName"},
}

// tableOf tells which table a file is, none when it is no table of LOINC.
func tableOf(h tabular.Head) table {
	for t := parts; int(t) < len(layouts); t++ {
		if !slices.ContainsFunc(layouts[t], func(column string) bool { return !slices.Contains(h.Columns, column) }) {
			return t
		}
	}
	return none
}

// Match reports whether the head of a file is that of a table of LOINC.
func Match(h tabular.Head) bool { return tableOf(h) != none }

// termProperties are the columns of Loinc.csv that are properties of their own name, and
// those that name a part.
var termProperties = []string{"COMPONENT", "PROPERTY", "TIME_ASPCT", "SYSTEM", "SCALE_TYP", "METHOD_TYP", "CLASS"}

// propertyURI is what the column Property of a link has before the name of its property.
const propertyURI = "http://loinc.org/property/"

// partProperties are the properties by the type of their part, for links without one.
var partProperties = map[string]string{
	"COMPONENT": "COMPONENT", "PROPERTY": "PROPERTY", "TIME": "TIME_ASPCT", "SYSTEM": "SYSTEM", "SCALE": "SCALE_TYP", "METHOD": "METHOD_TYP", "CLASS": "CLASS",
}
