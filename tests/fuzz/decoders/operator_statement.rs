//! The payload of an operator statement: written again from its fields it says the same.

use palinode::envelope::OperatorStatement;

use super::json::meaning;

pub fn check(data: &[u8]) {
    let Ok(said) = OperatorStatement::parse(data) else { return };
    let written = OperatorStatement::write(&said.origin, said.issued, &said.statement).expect("it can be written again");
    assert_eq!(meaning(&written), meaning(data), "somebody else reads something else");
    assert_eq!(OperatorStatement::parse(&written), Ok(said));
}
