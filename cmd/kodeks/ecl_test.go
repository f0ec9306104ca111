package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestECLFormat(t *testing.T) {
	tests := []struct {
		name   string
		args   []string
		status int
		want   string // of standard output, or part of standard error
	}{
		{"long syntax becomes brief", []string{"descendantOrSelfOf 404684003 |Clinical finding|"}, exitAnswered, "<< 404684003 |Clinical finding|\n"},
		{"arguments are joined", []string{"<", "404684003", ":", "363698007", "=", "<<74281007"}, exitAnswered, "< 404684003: 363698007 = << 74281007\n"},
		{"terms are dropped", []string{"--drop-terms", "< 404684003 |Clinical finding|"}, exitAnswered, "< 404684003\n"},
		{"AND and OR need brackets", []string{"< 404684003 AND < 64572001 OR < 71388002"}, exitUsage, "line 1, column"},
		{"not a constraint", []string{"<< hjerte"}, exitUsage, "line 1, column"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := run(t.Context(), append([]string{"ecl", "format"}, tt.args...), &stdout, &stderr)
			got := stdout.String()
			if tt.status != exitAnswered {
				got = stderr.String()
			}
			if status != tt.status || !strings.Contains(got, tt.want) {
				t.Errorf("kodeks ecl format %q: status %d, %q, want %d and %q", tt.args, status, got, tt.status, tt.want)
			}
		})
	}
}
