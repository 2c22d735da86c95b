/// The arrows and the habits of the house, held against the compiled classes.
///
/// `LayeringTest` says who may use whom, `PurityTest` what may not be touched, `NamingTest` how things are called.
@NullMarked
package sharewalk.architecture;

import org.jspecify.annotations.NullMarked;
