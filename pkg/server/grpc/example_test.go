package grpcserver_test

import (
	"context"
	"fmt"
	"net"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
)

func ExampleNew() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	stopped := make(chan error)
	go func() { stopped <- grpcserver.New(oneConcept{}, grpcserver.Options{}).Serve(ctx, l) }()

	client, err := grpcserver.Dial(l.Addr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	resp, err := client.Lookup(ctx, &kodeksv1.LookupRequest{
		Coding:   &kodeksv1.Coding{System: "http://snomed.info/sct", Code: "22298006"},
		Language: "nb",
	})
	fmt.Println(resp.GetFound(), resp.GetCoding().GetDisplay(), err)

	_, err = client.Lookup(ctx, &kodeksv1.LookupRequest{Language: "bokmål"})
	fmt.Println(err)

	stop()
	fmt.Println(<-stopped)
	// Output:
	// true hjerteinfarkt <nil>
	// grpcserver.Lookup: invalid input: "bokmål" is not a language tag, want one such as nb, nn-NO or en
	// <nil>
}
