/// Who to fetch what from: downloads, selection and distribution as state machines. Pure.
@NullMarked
package dev.potluck.exchange;

import org.jspecify.annotations.NullMarked;
