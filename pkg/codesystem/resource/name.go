package resource

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/codesystem/tabular"
)

// maxSlug and maxDate are how long the readable part of a folder's name may be.
const (
	maxSlug = 40
	maxDate = 60
)

func itoa(n int) string { return strconv.Itoa(n) }

func trimOID(uri string) string { return strings.TrimPrefix(uri, "urn:oid:") }

// releaseName returns the folder of the releases of a canonical URL: its last part, to
// be read, and a hash of all of it, so that no two URLs share a folder.
func releaseName(kind, url string) string {
	last := strings.TrimRight(url, "/#")
	last = last[strings.LastIndexAny(last, "/#:")+1:]
	return slug(kind+"-"+last) + "-" + digest(url)
}

// IsReleaseName reports whether a release is called as those that are made of one
// CodeSystem resource, of this version of Kodeks or an earlier one.
func IsReleaseName(name string) bool {
	rest, ok := strings.CutPrefix(name, "cs-")
	sum := rest[strings.LastIndexByte(rest, '-')+1:]
	_, err := hex.DecodeString(sum)
	return ok && err == nil && (len(sum) == 2*digestBytes || len(sum) == 8)
}

// slug returns text in lower case with '-' in the place of what is no letter or digit.
func slug(text string) string {
	var b strings.Builder
	for i := 0; i < len(text) && b.Len() < maxSlug; i++ {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' && b.Len() > 0:
			b.WriteByte(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-.")
}

// digestBytes is how much of a hash stands for a text: nobody finds two that share it.
const digestBytes = 8

// digest returns sixteen letters and digits that stand for a text.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:digestBytes])
}

// releaseDate returns the folder of a version: the version itself when it can be a
// folder, such as 4.0.1, 2.1.0-ballot and 2024-05, else what can be kept of it and a
// hash. Without a version it is the date of the resource, else the day that the caller
// gives.
func (r *Resource) releaseDate(otherwise string) string {
	version := r.Version
	if version == "" {
		if day, _, _ := strings.Cut(r.Date, "T"); isDay(day) {
			return day
		}
		return otherwise
	}
	clean := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("._-+", c):
			return c
		}
		return '-'
	}, version)
	clean = strings.TrimLeft(clean, ".-")
	if len(clean) > maxDate {
		clean = clean[:maxDate]
	}
	if clean == version {
		return clean
	}
	return strings.TrimLeft(clean+"-"+digest(version), "-")
}

// isDay reports whether text is a date that a folder can have: yyyy, yyyy-mm or
// yyyy-mm-dd.
func isDay(text string) bool {
	switch len(text) {
	case len("2026"):
		text += "-01-01"
	case len("2026-11"):
		text += "-01"
	}
	_, ok := tabular.ParseDay(text)
	return ok && len(text) == len("2026-11-22")
}

// releaseVersion is the version of a release of the resource, which has none of its own
// when the resource has none: it is then told by its date.
func (r *Resource) releaseVersion(otherwise string) string {
	if r.Version != "" {
		return r.Version
	}
	return r.releaseDate(otherwise)
}

// title is what people call the resource.
func (r *Resource) title() string {
	for _, s := range [...]string{r.Title, r.Name, r.ID, r.URL} {
		if s != "" {
			return s
		}
	}
	return r.Type
}
