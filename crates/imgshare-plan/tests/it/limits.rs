//! The cloud's limit of accounts per image.

use crate::check;

#[test]
fn what_fits_is_added_and_the_rest_is_blocked_by_name() {
    check(
        "cloud acme acme north per-image=3
         rule golden at=acme:north all with=1,2,3,4
         image acme north img-a ubuntu has=9",
        "acme north img-a [golden]: +1 +2
         blocked accounts_per_image acme north img-a [golden] 3,4: the image would have 5 accounts, the cloud allows 3
         foreign acme north img-a 9",
    );
}

#[test]
fn an_image_that_is_full_is_left_as_it_is() {
    check(
        "cloud acme acme north per-image=1
         rule golden at=acme:north all with=1
         image acme north img-a ubuntu has=8,9",
        "blocked accounts_per_image acme north img-a [golden] 1: the image would have 3 accounts, the cloud allows 1
         foreign acme north img-a 8,9",
    );
}

#[test]
fn removals_make_room() {
    check(
        "cloud acme acme north per-image=2
         rule golden at=acme:north exact all with=1,2
         image acme north img-a ubuntu has=8,9",
        "acme north img-a [golden]: +1 +2 -8 -9",
    );
}
