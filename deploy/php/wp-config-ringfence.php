<?php
/**
 * For wp-config.php, above "That's all, stop editing": WordPress's own requests
 * go through Ringfence's egress proxy.
 */
define( 'WP_PROXY_HOST', '127.0.0.1' );
define( 'WP_PROXY_PORT', '3128' );
