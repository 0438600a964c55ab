package proof_test

import (
	"fmt"
	"os"

	"ringfence/proof"
)

// An auditor holds a receipt and the log's public key, and nothing else of the store: no network, no log.
func Example_verifyReceiptOffline() {
	const logKey = "shop.example/log+0a9f59a0+AW2UCiXzyNuVUeLbYSEfEGQx1LKD/XbvRZiYizyEiiJ1" // came on another road than the receipt
	text, err := os.ReadFile("testdata/order-status.tlog-proof")
	if err != nil {
		fmt.Println(err)
		return
	}
	key, err := proof.ParseKey(logKey)
	if err != nil {
		fmt.Println("not a key:", err)
		return
	}
	receipt, err := proof.ParseReceipt(text)
	if err != nil {
		fmt.Println("not a receipt:", err)
		return
	}
	checked, err := receipt.Verify(key)
	if err != nil {
		fmt.Println("not proven:", err)
		return
	}
	fmt.Printf("entry %d of %d in %s\n", checked.Index, checked.Head.Size, checked.Head.Origin)
	fmt.Println(checked.Entry.Type, checked.Entry.Subject)
	// Output:
	// entry 7 of 11 in shop.example/log
	// ringfence.call.intent cust:8f3a
}
