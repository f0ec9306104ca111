package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/codesystem"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// systemFlags say which code system a code is of.
type systemFlags struct {
	System  string `short:"s" placeholder:"SYSTEM" help:"Code system: URI, OID or a short name such as snomed, icd-10, icpc-2. Needed when more than one has the code."`
	Version string `placeholder:"VERSION" help:"Version of the code system (default: the latest that is installed)."`
	day     string // --date of commands that have it
}

// dateFlag asks about a day.
type dateFlag struct {
	Date string `placeholder:"DAY" help:"Answer for this day: by the version that was in force, and whether the code was valid. 2025-06-30; 2025 and 2025-06 mean their last day."`
}

// system returns the code system of a code: the one that was given, SNOMED CT for
// what looks like one of its identifiers, else the one that has the code. It is ""
// when none has.
func (f *systemFlags) system(ctx context.Context, s grpcserver.Terminology, code string) (string, error) {
	switch {
	case f.System != "":
		return f.System, nil
	case looksLikeSCTID(code):
		return codesystem.SNOMED, nil
	}
	list, err := s.ListReleases(ctx, &kodeksv1.ListReleasesRequest{})
	if err != nil {
		return "", err
	}
	if len(list.GetReleases()) == 0 {
		return "", nothingInstalled
	}
	var tried, have, names []string
	var damaged error // why the first code system that cannot tell whether it has the code does not
	ofVersion := f.Version == ""
	for _, installed := range list.GetReleases() {
		r := installed.GetRelease()
		if r.GetKind() != string(terminology.KindCodeSystem) || slices.Contains(tried, r.GetSystem()) {
			continue
		}
		if r.GetSystem() == codesystem.SNOMED && !holdsSCTID(code) {
			continue // the largest need not be opened for it
		}
		tried = append(tried, r.GetSystem())
		resp, err := s.Lookup(ctx, &kodeksv1.LookupRequest{
			Coding:     &kodeksv1.Coding{System: r.GetSystem(), Version: f.Version, Code: code},
			Properties: []string{"code"},
			Date:       f.day,
		})
		if terminology.KindOf(err) == terminology.NotFound && f.Version != "" {
			continue // not a version of this code system
		}
		if err != nil {
			damaged = cmp.Or(damaged, err)
			continue
		}
		ofVersion = true
		if v := resp.GetValidity(); resp.GetFound() || v == terminology.NotYetValid.Code() || v == terminology.NoLongerValid.Code() {
			have, names = append(have, r.GetSystem()), append(names, r.GetName())
		}
	}
	switch len(have) {
	case 0:
		if damaged == nil && !ofVersion {
			return "", &terminology.Error{Kind: terminology.NotFound, Err: fmt.Errorf("no code system is installed in version %q", f.Version)}
		}
		return "", damaged
	case 1:
		return have[0], nil
	}
	return "", usage("%s is a code of %s: say which with --system", code, strings.Join(names, " and of "))
}

// holdsSCTID reports whether a code, or an expression in its place, has digits enough in
// a row for an identifier of SNOMED CT.
func holdsSCTID(code string) bool {
	run := 0
	for i := range len(code) {
		if run++; code[i] < '0' || code[i] > '9' {
			run = 0
		}
		if run == 6 {
			return true
		}
	}
	return false
}

// nothingInstalled is why an empty data folder cannot answer.
var nothingInstalled = &terminology.Error{Kind: terminology.NotFound, Err: errors.New("no release is installed")}

// nowhere is the message for a code that no code system has.
func nowhere(code string) string { return "no installed code system has the code " + code }

// shortName returns the name of a code system to type after --system.
func shortName(uri string) string {
	if known, ok := codesystem.Known(uri); ok {
		return known.Short[0]
	}
	return uri
}

// systemTitle returns the name of a code system to read.
func systemTitle(uri string) string {
	if known, ok := codesystem.Known(uri); ok {
		return known.Title
	}
	return uri
}

// looksLikeSCTID reports whether a code has the form of the id of a SNOMED CT
// concept: 6 to 18 digits, of which the third and second last are 00 or 10. The
// check digit is not looked at: a concept id with a typing error is one of SNOMED
// CT too.
func looksLikeSCTID(code string) bool {
	n := len(code)
	if n < 6 || n > 18 || code[0] == '0' {
		return false
	}
	for i := range n {
		if code[i] < '0' || code[i] > '9' {
			return false
		}
	}
	return code[n-2] == '0' && code[n-3] <= '1'
}
