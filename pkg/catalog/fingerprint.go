package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/kodeks/kodeks/pkg/codesystem/resource"
)

// Fingerprint returns a short text that two snapshots share when they answer alike: they
// have the same releases, made of the same files, and the same of them answer when no
// version is asked for. It is the same in another process that serves a copy of
// the data folder; a release that is imported anew has another, as its files differ in
// order and time even when it answers alike. It reads no files, only what manifests say
// of them.
func (s *Snapshot) Fingerprint() string {
	s.noteAll()
	h := sha256.New()
	installed := s.base.print()
	h.Write(installed[:])
	h.Write(s.view.print[:])
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// fingerprint is that of what is installed. Which release answers when none is asked for
// follows from it, and from what clients wrote.
func (b *base) fingerprint() (sum [32]byte) {
	h := sha256.New()
	write := func(parts ...string) {
		for _, p := range parts {
			io.WriteString(h, p) // a hash has no errors
			h.Write([]byte{0})
		}
	}
	for _, r := range b.releases {
		write("release", r.Release.Name, r.Release.System, r.Release.Version, r.Release.Date, r.Release.Title, r.Release.Language)
		for _, f := range r.Files {
			write(f.Name, strconv.FormatInt(f.Bytes, 10), f.SHA256)
		}
	}
	for _, system := range slices.Sorted(maps.Keys(b.bySystem)) {
		write("default", system)
		for _, r := range b.bySystem[system] {
			write(r.Release.Name, r.Release.Version)
		}
	}
	h.Sum(sum[:0])
	return sum
}

// Print names what a release that answers is made of: it is another as soon as the
// release is imported anew or the resource that it comes from is written anew, and the
// same after a restart.
func (s *Snapshot) Print(r *Installed) string {
	made := r
	if r.Of != nil {
		made = r.Of
	}
	if made == byClients {
		if res, err := s.Resource(resource.TypeCodeSystem, r.Release.System, r.Release.Version); err == nil {
			return res.ID + "/" + strconv.FormatUint(res.Stored.Version, 10)
		}
	}
	h := sha256.New()
	for _, f := range made.Files {
		io.WriteString(h, f.Name) // a hash has no errors
		h.Write([]byte{0})
		io.WriteString(h, f.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
