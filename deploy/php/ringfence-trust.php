<?php
/**
 * Plugin Name: Ringfence trust
 * Description: Lets WordPress trust the store's own authority. Put it into wp-content/mu-plugins.
 *
 * WordPress brings its own list of authorities, so curl.cainfo does not reach its
 * requests. Make the file with: ringfence egress ca export --roots ... --out ...
 */

if ( ! defined( 'RINGFENCE_CA' ) ) {
	define( 'RINGFENCE_CA', '/etc/ringfence/ca.pem' );
}

add_filter(
	'http_request_args',
	function ( $args ) {
		if ( is_readable( RINGFENCE_CA ) ) {
			$args['sslcertificates'] = RINGFENCE_CA;
		}
		return $args;
	}
);
