package rest

import (
	"net/http"
	"net/netip"
	"strings"
)

// list returns a header that is a list, which may be on several lines (RFC 9110, 5.3).
func list(h http.Header, name string) string {
	lines := h[name]
	if len(lines) == 1 { // nearly always
		return lines[0]
	}
	return strings.Join(lines, ",")
}

// single returns a header that has one value, "" when it is not there. The error is of one
// that is there more than once and says different things.
func single(h http.Header, name string) (string, error) {
	lines := h[name]
	for _, line := range lines {
		if line != lines[0] {
			return "", refuse(http.StatusBadRequest, "invalid", "the header %s is there %d times, with different values", name, len(lines))
		}
	}
	if len(lines) == 0 {
		return "", nil
	}
	return lines[0], nil
}

// clientOf names who asks, as far as that can be told: by the address, of IPv6 by the
// network of 64 bits that it is in. Of what a proxy on this machine passes on, the address
// is the last that it names, which is the one that it saw itself.
func clientOf(r *http.Request) string {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr := at.Addr().Unmap()
	if passed := list(r.Header, "X-Forwarded-For"); passed != "" && addr.IsLoopback() {
		if a, err := netip.ParseAddr(strings.TrimSpace(passed[strings.LastIndexByte(passed, ',')+1:])); err == nil {
			addr = a.Unmap()
		}
	}
	if addr.Is6() {
		if network, err := addr.Prefix(64); err == nil {
			return network.String()
		}
	}
	return addr.String()
}
