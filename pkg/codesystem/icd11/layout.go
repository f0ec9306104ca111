package icd11

import (
	"slices"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
)

// role is what a column of a tabulation says.
type role uint8

// The roles of columns.
const (
	unknownRole role = iota
	ignored          // said by the hierarchy, too
	foundationURI
	linearizationURI
	codeRole
	blockID
	title
	titleEN
	classKind
	isResidual
	chapterNo
	browserLink
	primary
	grouping
	codingNote
	parentURI
)

// roles are the columns that WHO's tabulations of ten years have, in lower case.
var roles = map[string]role{
	"foundation uri":              foundationURI,
	"linearization uri":           linearizationURI,
	"linearization (release) uri": linearizationURI,
	"code":                        codeRole,
	"blockid":                     blockID,
	"title":                       title,
	"titleen":                     titleEN,
	"classkind":                   classKind,
	"depthinkind":                 ignored, // begins anew for each kind: not the depth
	"isresidual":                  isResidual,
	"chapterno":                   chapterNo,
	"browserlink":                 browserLink,
	"isleaf":                      ignored,
	"noofnonresidualchildren":     ignored,
	"primary tabulation":          primary,
	"primarylocation":             primary,
	"codingnote":                  codingNote,
	"parent":                      parentURI,
}

// roleOf returns the role of a column.
func roleOf(column string) role {
	name := strings.ToLower(strings.TrimSpace(column))
	if r, ok := roles[name]; ok {
		return r
	}
	switch {
	case strings.HasPrefix(name, "grouping"):
		return grouping
	case strings.HasPrefix(name, stampPrefix), name == "":
		return ignored
	}
	return unknownRole
}

// stampPrefix begins the last cell of the header, which tells the version and has no
// column below it, in lower case: "Version:2024 Jan 21 - 22:30 UTC".
const stampPrefix = "version:"

// Match reports whether the head of a file is that of a tabulation of ICD-11 MMS: the
// simple tabulation, or one of its relatives. WHO's maps between ICD-10 and ICD-11, whose
// columns say which of them they are of, are none.
func Match(h tabular.Head) bool {
	var found [parentURI + 1]bool
	for _, c := range h.Columns {
		found[roleOf(c)] = true
		if name := strings.ToLower(c); strings.Contains(name, "icd10") || strings.HasPrefix(name, "10") || strings.Contains(name, "icd11") {
			return false
		}
	}
	return !slices.Contains([]bool{found[linearizationURI], found[codeRole], found[title], found[classKind], found[chapterNo]}, false)
}

// months are the names that the stamp of a version has.
const months = "janfebmaraprmayjunjulaugsepoctnovdec"

// stampVersion returns the version that a stamp tells, as WHO writes it: 2024-01.
func stampVersion(column string) (string, bool) {
	name := strings.ToLower(strings.TrimSpace(column))
	rest, ok := strings.CutPrefix(name, stampPrefix)
	words := strings.Fields(rest)
	if !ok || len(words) < 2 || len(words[0]) != 4 || !isEntity(words[0]) || len(words[1]) < 3 {
		return "", false
	}
	i := strings.Index(months, words[1][:3])
	if i < 0 || i%3 != 0 {
		return "", false
	}
	month := i/3 + 1
	return words[0] + "-" + string([]byte{'0' + byte(month/10), '0' + byte(month%10)}), true
}
