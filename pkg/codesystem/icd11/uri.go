package icd11

import (
	"net/url"
	"strconv"
	"strings"
)

// entity is an entity of the linearization: the number that its URIs end with, and, in
// the last two bits, which residual of the entity is meant, if one is.
type entity uint64

// The residuals of an entity: the category itself, "other specified" (Y), "unspecified" (Z).
const (
	itself entity = iota
	other
	unspecified
)

// number returns the number of the entity, without its residual.
func (e entity) number() string { return strconv.FormatUint(uint64(e)>>2, 10) }

const (
	uriHost       = "id.who.int/icd/"
	uriFoundation = "entity/"
	uriRelease    = "release/11/"
	uriMMS        = "mms/"
)

// isURI reports whether s is meant to be a URI.
func isURI(s string) bool { return strings.HasPrefix(s, "http:") || strings.HasPrefix(s, "https:") }

// parseURI reads the URI that s begins with: of the foundation
// (http://id.who.int/icd/entity/257068234), or of the linearization with its release or
// without (http://id.who.int/icd/release/11/2024-01/mms/257068234), and there of a residual
// (.../mms/257068234/other). It returns the entity, the release if the URI names one, and
// how long the URI is.
func parseURI(s string) (e entity, release string, size int, ok bool) {
	rest := strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	if len(rest) == len(s) {
		return 0, "", 0, false
	}
	if rest, ok = strings.CutPrefix(rest, uriHost); !ok {
		return 0, "", 0, false
	}
	mms := false
	if after, found := strings.CutPrefix(rest, uriFoundation); found {
		rest = after
	} else {
		if rest, ok = strings.CutPrefix(rest, uriRelease); !ok {
			return 0, "", 0, false
		}
		if !strings.HasPrefix(rest, uriMMS) {
			if release, rest, ok = strings.Cut(rest, "/"); !ok {
				return 0, "", 0, false
			}
		}
		if rest, mms = strings.CutPrefix(rest, uriMMS); !mms {
			return 0, "", 0, false
		}
	}
	e, taken, ok := parseEntity(rest, mms)
	if !ok {
		return 0, "", 0, false
	}
	return e, release, len(s) - len(rest) + taken, true
}

// parseEntity reads the number of an entity that s begins with, and with residuals
// /other or /unspecified after it, which only the linearization has; taken is how much of s
// that is.
func parseEntity(s string, residuals bool) (e entity, taken int, ok bool) {
	for taken < len(s) && taken < 15 && s[taken] >= '0' && s[taken] <= '9' {
		e, taken = e*10+entity(s[taken]-'0'), taken+1
	}
	if taken == 0 || s[0] == '0' && taken > 1 || taken < len(s) && !isBoundary(s[taken]) {
		return 0, 0, false
	}
	e <<= 2
	if residuals {
		for residual, name := range [...]string{other: "/other", unspecified: "/unspecified"} {
			if after, found := strings.CutPrefix(s[taken:], name); name != "" && found && (after == "" || isBoundary(after[0])) {
				return e | entity(residual), len(s) - len(after), true
			}
		}
	}
	return e, taken, true
}

// isBoundary reports whether c ends a part of a cluster.
func isBoundary(c byte) bool {
	return c == '&' || c == '/' || c == ' ' || c == '\t' || c == '\n' || c == '\r'
}

// unescape undoes the escapes of a URI, which separators and blanks between several are
// often written with (%20%26%20). What has none, or is none, is returned as it is.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}
