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
	digits := 0
	for digits < len(rest) && digits < 15 && rest[digits] >= '0' && rest[digits] <= '9' {
		e, digits = e*10+entity(rest[digits]-'0'), digits+1
	}
	if digits == 0 || rest[0] == '0' && digits > 1 || digits < len(rest) && !isBoundary(rest[digits]) {
		return 0, "", 0, false
	}
	e, rest = e<<2, rest[digits:]
	if mms {
		for residual, name := range [...]string{other: "/other", unspecified: "/unspecified"} {
			if after, found := strings.CutPrefix(rest, name); name != "" && found && (after == "" || isBoundary(after[0])) {
				return e | entity(residual), release, len(s) - len(after), true
			}
		}
	}
	return e, release, len(s) - len(rest), true
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
