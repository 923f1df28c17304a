/// The command that calls Signet in a checkout, as in the README.
package let programInCheckout = ".build/release/signet"
