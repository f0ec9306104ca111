package fhir_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/fhir"
	"github.com/kodeks/kodeks/pkg/terminology"
)

func TestClassOf(t *testing.T) {
	for kind := terminology.Other; kind <= terminology.Conflict; kind++ {
		c := fhir.ClassOf(kind)
		if c.HTTP < 400 || c.IssueType == "" {
			t.Errorf("ClassOf(%v) = %+v, want a status from 400 and an issue type", kind, c)
		}
	}
	if got, want := fhir.ClassOf(99), fhir.ClassOf(terminology.Other); got != want {
		t.Errorf("ClassOf(99) = %+v, want that of Other, %+v", got, want)
	}
}

func TestAppendOutcome(t *testing.T) {
	mi := terminology.Coding{System: "http://snomed.info/sct", Code: "22298006"}
	tests := []struct {
		name string
		err  error
		want []string
		not  string
	}{
		{"code system not installed", &terminology.Error{Op: "catalog.Find", Kind: terminology.NotFound, Coding: mi},
			[]string{`"code":"not-found"`, `22298006`, `tx-issue-type`}, "catalog.Find"},
		{"fault of ours", errors.New("open secret.sst: no such file"), []string{`"code":"exception"`}, "secret"},
		{"corrupt data", &terminology.Error{Kind: terminology.Corrupt, Err: errors.New("bad checksum in block 17")}, []string{`"code":"exception"`}, "block 17"},
		{"too costly", &terminology.Error{Kind: terminology.TooCostly, Err: errors.New("more than 10000 codes")}, []string{`"code":"too-costly"`, "10000"}, "tx-issue-type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := string(fhir.AppendOutcome(nil, tt.err))
			if !json.Valid([]byte(got)) || strings.Contains(got, tt.not) {
				t.Errorf("AppendOutcome = %s, want valid JSON without %q", got, tt.not)
			}
			for _, w := range tt.want {
				if !strings.Contains(got, w) {
					t.Errorf("AppendOutcome = %s, want %s in it", got, w)
				}
			}
		})
	}
}
